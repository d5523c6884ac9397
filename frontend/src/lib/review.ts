// A reviewer's form: what was typed, what is wrong with it, and what is sent to the API.
import type { ReviewErrors } from '../graphql/review';
import { longDate } from './dates';
import { type Problem, typed } from './problems';
import { t } from './text';

const OUTCOMES = ['APPROVED', 'CHANGES_REQUESTED'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const LONGEST_NOTE = 1_000;

/** As it was typed, right or wrong, so that it can be shown again. */
export interface Decision {
  readonly outcome: Outcome | null;
  readonly evidenceRechecked: boolean;
  readonly nextReviewDue: string;
  readonly note: string;
  /** The version that the reviewer has read; null when the form does not say. */
  readonly version: number | null;
}

export const NOTHING_YET: Decision = { outcome: null, evidenceRechecked: false, nextReviewDue: '', note: '', version: null };

export function decisionIn(form: FormData): Decision {
  const version = typed(form, 'version');
  return {
    outcome: OUTCOMES.find((outcome) => outcome === typed(form, 'outcome')) ?? null,
    evidenceRechecked: form.has('evidenceRechecked'),
    nextReviewDue: typed(form, 'nextReviewDue').trim(),
    note: typed(form, 'note').trim(),
    version: /^\d{1,9}$/.test(version) ? Number(version) : null,
  };
}

/** Every problem, in the order of the fields. A date belongs to an approval alone. */
export function problemsIn(decision: Decision, today: string, latest: string): Problem[] {
  const length = [...decision.note].length;
  const date = decision.outcome === 'APPROVED' ? dateProblem(decision.nextReviewDue, today, latest) : null;
  return [
    decision.outcome === null && { field: 'outcome', text: t.review.errors.outcome },
    date !== null && { field: 'nextReviewDue', text: date },
    length > LONGEST_NOTE && { field: 'note', text: t.review.errors.note(length) },
  ].filter((problem) => problem !== false);
}

function dateProblem(due: string, today: string, latest: string): string | null {
  if (due === '') return t.review.errors.dateMissing;
  if (!isRealDate(due)) return t.review.errors.dateInvalid;
  if (due <= today) return t.review.errors.datePast;
  return due > latest ? t.review.errors.dateLate(longDate(latest)) : null;
}

function isRealDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What the API refused, beside the field that it means. */
export function problemsOf(errors: ReviewErrors): Problem[] {
  const fields = ['outcome', 'evidenceRechecked', 'nextReviewDue', 'note'];
  return errors.map(({ code, field, message }) => ({
    field: fields.find((name) => name === field?.[0]) ?? null,
    text: code === 'CONFLICT' ? t.review.errors.changed : message,
  }));
}

export function inputOf(id: string, decision: Decision, outcome: Outcome, version: number) {
  return {
    id,
    expectedVersion: version,
    outcome,
    evidenceRechecked: decision.evidenceRechecked,
    nextReviewDue: outcome === 'APPROVED' ? decision.nextReviewDue : null,
    note: decision.note || null,
  };
}

/** What became of a form. */
export type Sent =
  | { readonly state: 'refused'; readonly decision: Decision; readonly problems: readonly Problem[] }
  | { readonly state: 'dead'; readonly decision: Decision }
  | {
      readonly state: 'done';
      readonly decision: Decision;
      readonly outcome: Outcome;
      readonly evidenceRechecked: boolean;
      readonly nextReviewDue: string | null;
    };
