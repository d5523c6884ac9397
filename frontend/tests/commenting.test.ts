// A reader's form: what was typed survives, what is wrong has its sentence, and the solver's answer is the library's own.
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { prove } from '../src/client/proof';
import { commentInput, draftIn, isSpent, NO_DRAFT, problemsInDraft, problemsInReport, NO_REPORT, refusalsIn, tokenFor } from '../src/lib/commenting';

const form = (fields: Record<string, string>): FormData => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};

describe('a comment', () => {
  test('comes back as it was typed', () => {
    const draft = draftIn(form({ displayName: ' Wren ', body: 'One\r\nTwo  ', consent: 'yes', textVersion: '1', formToken: 't', proofOfWork: 'p', website: '' }));
    expect(draft).toEqual({ displayName: ' Wren ', body: 'One\nTwo  ', consent: true, textVersion: '1', formToken: 't', proofOfWork: 'p', website: '' });
    expect(commentInput('art_1', draft)).toEqual({
      article: 'art_1', body: 'One\nTwo  ', displayName: ' Wren ', consent: { textVersion: '1', given: true }, formToken: 't', proofOfWork: 'p',
    });
  });

  test('has a sentence for each field that is missing or too long', () => {
    expect(problemsInDraft(NO_DRAFT).map(({ field }) => field)).toEqual(['displayName', 'body', 'consent']);
    const long = problemsInDraft({ ...NO_DRAFT, displayName: 'w'.repeat(61), body: '😀'.repeat(2001), consent: true });
    expect(long.map(({ text }) => text)).toEqual([
      'The name must be 60 characters or fewer',
      'The comment must be 2,000 characters or fewer: it has 2,001',
    ]);
    expect(problemsInReport(NO_REPORT).map(({ field }) => field)).toEqual(['kind', 'body']);
  });

  test('keeps its token when it came too soon, and gets another one when that is spent', () => {
    const soon = [{ code: 'RATE_LIMITED' as const, field: ['formToken'], message: 'Wait.' }];
    const old = [{ code: 'INVALID' as const, field: ['formToken'], message: 'Older than a day.' }];
    const fresh = { formToken: 'new', challenge: {}, open: true, consentText: { version: '1', html: '' } };
    const sent = { ...NO_DRAFT, formToken: 'mine' };
    expect([isSpent(soon), isSpent(old)]).toEqual([false, true]);
    expect([tokenFor(sent, false, fresh), tokenFor(sent, true, fresh), tokenFor(null, false, fresh), tokenFor(sent, false, null)]).toEqual(['mine', 'new', 'new', 'mine']);
    expect(refusalsIn([{ code: 'INVALID', field: ['consent', 'textVersion'], message: 'Changed.' }, old[0]!])).toEqual([
      { field: 'consent', text: 'Changed.' },
      { field: null, text: 'Older than a day.' },
    ]);
  });
});

describe('a proof of work', () => {
  const nonce = '00112233445566778899aabbccddeeff';
  const salt = 'ffeeddccbbaa99887766554433221100';
  const key = (counter: number): string => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    return pbkdf2Sync(Buffer.concat([Buffer.from(nonce, 'hex'), number]), Buffer.from(salt, 'hex'), 10, 32, 'sha256').toString('hex');
  };
  const challenge = (counter: number, algorithm = 'PBKDF2/SHA-256') => ({
    parameters: { algorithm, nonce, salt, cost: 10, keyLength: 32, keyPrefix: key(counter).slice(0, 32) },
    signature: createHmac('sha256', 'k').update('x').digest('hex'),
  });

  test('finds the one number, and sends the challenge back as it came', async () => {
    for (const counter of [0, 3, 4, 97]) {
      const said = JSON.parse(atob((await prove(challenge(counter))) ?? '')) as unknown;
      expect(said).toEqual({ challenge: challenge(counter), solution: { counter, derivedKey: key(counter) } });
    }
  });

  test('leaves alone what it does not know', async () => {
    expect(await prove(challenge(1, 'ARGON2ID'))).toBeNull();
  });
});
