// A password that is chosen by a one-time link. It is never shown again, never kept, and never put into a page.
import type { InvitationErrors } from '../graphql/invitation';
import type { Problem } from './problems';
import { t } from './text';

const SHORTEST = 12;
const LONGEST = 200;

/** What became of a form. */
export type Accepted = { readonly state: 'done' | 'dead' } | { readonly state: 'refused'; readonly problems: readonly Problem[] };

export function passwordsIn(form: FormData): { readonly password: string; readonly problems: readonly Problem[] } {
  const [password, again] = ['password', 'again'].map((name) => form.get(name)).map((value) => (typeof value === 'string' ? value : ''));
  const problem = problemWith(password ?? '', again ?? '');
  return { password: password ?? '', problems: problem ? [problem] : [] };
}

function problemWith(password: string, again: string): Problem | null {
  const { missing, length, differs } = t.invitation.errors;
  if (password === '') return { field: 'password', text: missing };
  const letters = [...password].length;
  if (letters < SHORTEST || letters > LONGEST) return { field: 'password', text: length };
  return password === again ? null : { field: 'again', text: differs };
}

export function acceptance(errors: InvitationErrors): Accepted {
  if (errors.length === 0) return { state: 'done' };
  if (errors.some(({ code }) => code === 'NOT_FOUND')) return { state: 'dead' };
  const problems = errors.map(({ field, message }) => ({ field: field?.[0] === 'password' ? 'password' : null, text: message }));
  return { state: 'refused', problems };
}
