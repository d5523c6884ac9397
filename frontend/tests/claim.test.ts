import { describe, expect, test } from 'vitest';

import { acceptanceIn, claimedBy, problemsWith } from '../src/lib/claim';
import { t } from '../src/lib/text';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const AGREED = { name: ' Bo Lin ', accepted: 'yes', version: '2026-11' };
const wrong = (fields: Record<string, string>) => problemsWith(acceptanceIn(form(fields)), '2026-11').map(({ field, text }) => [field, text]);

describe('accepting the terms', () => {
  test('takes a name, a ticked box and the terms that hold', () => {
    expect(acceptanceIn(form(AGREED))).toEqual({ name: 'Bo Lin', accepted: true, version: '2026-11' });
    expect(wrong(AGREED)).toEqual([]);
  });

  test('without them is told at each field, in their order', () => {
    expect(wrong({ version: '2026-11' })).toEqual([['name', t.claim.errors.name], ['accepted', t.claim.errors.accepted]]);
    expect(wrong({ ...AGREED, name: 'x'.repeat(121) })).toEqual([['name', t.claim.errors.nameLength]]);
    expect(wrong({ ...AGREED, version: '2025-01' })).toEqual([[null, t.claim.errors.changed]]);
  });

  test('gives the key, or says that the link is dead, or what the API refuses', () => {
    const nothing = { userErrors: [], secret: null, partner: null, partnerKey: null };
    const refused = (code: 'INVALID' | 'NOT_FOUND', field: string) => ({ ...nothing, userErrors: [{ code, field: [field], message: 'No.' }] });
    expect(claimedBy({ ...nothing, secret: 'mrd_x', partner: { name: 'Portal' }, partnerKey: { expiresAt: '2027-11-22T00:00:00Z' } })).toEqual({
      state: 'done', key: 'mrd_x', partner: 'Portal', expiresAt: '2027-11-22T00:00:00Z',
    });
    expect(claimedBy(refused('NOT_FOUND', 'token'))).toEqual({ state: 'dead' });
    expect(claimedBy(refused('INVALID', 'name'))).toEqual({ state: 'refused', problems: [{ field: 'name', text: 'No.' }] });
    expect(claimedBy(refused('INVALID', 'termsVersion'))).toEqual({ state: 'refused', problems: [{ field: null, text: 'No.' }] });
    expect(claimedBy(nothing)).toEqual({ state: 'refused', problems: [{ field: null, text: t.form.away }] });
  });
});
