// A reader's form: what was typed, what is wrong with it, and what is sent to the API. Nothing typed is ever lost.
import type { CommentFormData, SendErrors } from '../graphql/comment';
import { type Problem, typed } from './problems';
import { t } from './text';

export const LONGEST_BODY = 2_000;
export const LONGEST_NAME = 60;
export const LONGEST_CONTACT = 200;

/** What goes back with every form and is not typed. */
export interface Signed {
  readonly formToken: string;
  readonly proofOfWork: string;
  readonly website: string;
}

export interface Draft extends Signed {
  readonly displayName: string;
  readonly body: string;
  readonly consent: boolean;
  readonly textVersion: string;
}

export const KINDS = ['WRONG', 'HARMFUL', 'PRIVACY', 'RIGHTS', 'TECHNICAL', 'OTHER'] as const;

export interface Report extends Signed {
  readonly kind: (typeof KINDS)[number] | null;
  readonly body: string;
  readonly contact: string;
}

const UNSIGNED: Signed = { formToken: '', proofOfWork: '', website: '' };
export const NO_DRAFT: Draft = { ...UNSIGNED, displayName: '', body: '', consent: false, textVersion: '' };
export const NO_REPORT: Report = { ...UNSIGNED, kind: null, body: '', contact: '' };

const signedIn = (form: FormData): Signed => ({
  formToken: typed(form, 'formToken'),
  proofOfWork: typed(form, 'proofOfWork'),
  website: typed(form, 'website'),
});

export const draftIn = (form: FormData): Draft => ({
  ...signedIn(form),
  displayName: typed(form, 'displayName'),
  body: typed(form, 'body'),
  consent: form.has('consent'),
  textVersion: typed(form, 'textVersion'),
});

export const reportIn = (form: FormData): Report => ({
  ...signedIn(form),
  kind: KINDS.find((kind) => kind === typed(form, 'kind')) ?? null,
  body: typed(form, 'body'),
  contact: typed(form, 'contact'),
});

const lengthOf = (text: string): number => [...text.trim()].length;
const problem = (field: string, text: string): Problem => ({ field, text });

/** Every problem, in the order of the fields. */
export function problemsInDraft({ displayName, body, consent }: Draft): Problem[] {
  const { errors } = t.comment;
  return [
    lengthOf(displayName) === 0 && problem('displayName', errors.name),
    lengthOf(displayName) > LONGEST_NAME && problem('displayName', errors.nameLong),
    lengthOf(body) === 0 && problem('body', errors.body),
    lengthOf(body) > LONGEST_BODY && problem('body', errors.bodyLong(lengthOf(body))),
    !consent && problem('consent', errors.consent),
  ].filter((one) => one !== false);
}

export function problemsInReport({ kind, body, contact }: Report): Problem[] {
  const { errors } = t.comment.report;
  return [
    kind === null && problem('kind', errors.kind),
    lengthOf(body) === 0 && problem('body', errors.body),
    lengthOf(body) > LONGEST_BODY && problem('body', errors.bodyLong(lengthOf(body))),
    lengthOf(contact) > LONGEST_CONTACT && problem('contact', errors.contactLong),
  ].filter((one) => one !== false);
}

/** What the API refused, beside the field that it means. */
export function refusalsIn(errors: SendErrors): Problem[] {
  const fields = ['displayName', 'body', 'consent', 'kind', 'contact'];
  return errors.map(({ field, message }) => ({ field: fields.find((name) => name === field?.[0]) ?? null, text: message }));
}

/** A form that came too soon may come again; one that is forged, old or another article's is replaced. */
export const isSpent = (errors: SendErrors): boolean => errors.some(({ code, field }) => field?.[0] === 'formToken' && code === 'INVALID');

/** What the next form is signed with: the reader's own token goes on counting, unless it is spent. */
export function tokenFor(sent: Signed | null, spent: boolean, fresh: CommentFormData | null): string {
  return sent && sent.formToken !== '' && !spent ? sent.formToken : (fresh?.formToken ?? '');
}

const proofOf = ({ formToken, proofOfWork, website }: Signed) => ({
  formToken,
  ...(proofOfWork ? { proofOfWork } : {}),
  ...(website ? { website } : {}),
});

export const commentInput = (article: string, draft: Draft) => ({
  article,
  body: draft.body,
  displayName: draft.displayName,
  consent: { textVersion: draft.textVersion, given: draft.consent },
  ...proofOf(draft),
});

export const reportInput = (article: string, comment: string | null, report: Report, kind: (typeof KINDS)[number]) => ({
  article,
  ...(comment ? { comment } : {}),
  kind,
  body: report.body,
  ...(report.contact.trim() ? { contact: report.contact } : {}),
  ...proofOf(report),
});
