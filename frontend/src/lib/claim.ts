// The terms that a partner accepts by a one-time link, and the key that is shown once. Neither name nor key is kept here.
import type { Claim } from '../graphql/claim';
import { type Problem, typed } from './problems';
import { t } from './text';

const LONGEST_NAME = 120;
const LONGEST_VERSION = 40;

/** As it was sent; `version` is that of the terms that were on the page. */
export interface Acceptance {
  readonly name: string;
  readonly accepted: boolean;
  readonly version: string;
}

/** What became of a form. */
export type Claimed =
  | { readonly state: 'dead' }
  | { readonly state: 'refused'; readonly problems: readonly Problem[] }
  | { readonly state: 'done'; readonly key: string; readonly partner: string; readonly expiresAt: string | null };

/** The box is never ticked by us, also not when the form comes back. */
export const NOTHING_YET: Acceptance = { name: '', accepted: false, version: '' };

export function acceptanceIn(form: FormData): Acceptance {
  return { name: typed(form, 'name').trim(), accepted: form.has('accepted'), version: typed(form, 'version') };
}

/** Every problem, in the order of the fields; `current` is the version that holds now. */
export function problemsWith({ name, accepted, version }: Acceptance, current: string): Problem[] {
  const { changed, name: missing, nameLength, accepted: unticked } = t.claim.errors;
  return [
    version !== current && version.length <= LONGEST_VERSION && { field: null, text: changed },
    name === '' && { field: 'name', text: missing },
    [...name].length > LONGEST_NAME && { field: 'name', text: nameLength },
    !accepted && { field: 'accepted', text: unticked },
  ].filter((problem) => problem !== false);
}

export function claimedBy({ userErrors, secret, partner, partnerKey }: Claim): Claimed {
  if (userErrors.some(({ code }) => code === 'NOT_FOUND')) return { state: 'dead' };
  if (secret && partner) return { state: 'done', key: secret, partner: partner.name, expiresAt: partnerKey?.expiresAt ?? null };
  const known = new Set(['name', 'accepted']);
  const problems = userErrors.map(({ field, message }) => ({ field: field?.[0] && known.has(field[0]) ? field[0] : null, text: message }));
  return { state: 'refused', problems: problems.length > 0 ? problems : [{ field: null, text: t.form.away }] };
}
