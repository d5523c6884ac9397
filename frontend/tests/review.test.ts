// A reviewer's form, from what was typed to what is sent.
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { FindingData } from '../src/graphql/review';
import { dayOf, monthsLater } from '../src/lib/dates';
import { acceptance, passwordsIn } from '../src/lib/invitation';
import { findingsOf, inWords, toMend } from '../src/lib/findings';
import { keepPrivate } from '../src/lib/private';
import { describedBy, sentForm } from '../src/lib/problems';
import { decisionIn, inputOf, NOTHING_YET, problemsIn, problemsOf } from '../src/lib/review';
import { t } from '../src/lib/text';
import { knowOurOrigin } from '../src/server/origin';

const TODAY = '2026-11-22';
const LATEST = '2028-11-22';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const problems = (fields: Record<string, string>): [string | null, string][] =>
  problemsIn(decisionIn(form(fields)), TODAY, LATEST).map(({ field, text }) => [field, text]);

describe('a decision', () => {
  test('is read as it was typed; line ends count once', () => {
    const typed = { outcome: 'APPROVED', evidenceRechecked: 'yes', nextReviewDue: ' 2027-05-01 ', note: ' one\r\ntwo ', version: '7' };
    expect(decisionIn(form(typed))).toEqual({
      outcome: 'APPROVED', evidenceRechecked: true, nextReviewDue: '2027-05-01', note: 'one\ntwo', version: 7,
    });
  });

  test('of nonsense is nothing yet', () => {
    expect(decisionIn(form({ outcome: 'approved', version: '-1' }))).toEqual(NOTHING_YET);
    const file = new FormData();
    file.set('note', new Blob(['x']), 'x.txt');
    expect(decisionIn(file)).toEqual(NOTHING_YET);
  });

  test.each([
    ['2026-11-23', null], ['2028-11-22', null],
    ['', t.review.errors.dateMissing], ['2027-02-30', t.review.errors.dateInvalid], ['soon', t.review.errors.dateInvalid],
    ['2026-11-22', t.review.errors.datePast], ['2028-11-23', t.review.errors.dateLate('22\u00a0November\u00a02028')],
  ])('to approve with the next review on “%s”', (nextReviewDue, problem) => {
    expect(problems({ outcome: 'APPROVED', nextReviewDue })).toEqual(problem === null ? [] : [['nextReviewDue', problem]]);
  });

  test('to ask for changes needs no date, and none is sent', () => {
    const decision = decisionIn(form({ outcome: 'CHANGES_REQUESTED', nextReviewDue: 'soon' }));
    expect(problemsIn(decision, TODAY, LATEST)).toEqual([]);
    expect(inputOf('art_1', decision, 'CHANGES_REQUESTED', 3)).toEqual({
      id: 'art_1', expectedVersion: 3, outcome: 'CHANGES_REQUESTED', evidenceRechecked: false, nextReviewDue: null, note: null,
    });
  });

  test('has all of its problems told at once, in the order of the fields; a letter is a letter', () => {
    expect(problems({ note: '𝒶'.repeat(1_001) }).map(([field]) => field)).toEqual(['outcome', 'note']);
    expect(problems({ outcome: 'CHANGES_REQUESTED', note: '𝒶'.repeat(1_000) })).toEqual([]);
  });

  test('that the API refuses has its words at the field that it means', () => {
    const refused = problemsOf([
      { code: 'INVALID', field: ['nextReviewDue'], message: 'Give a date.' },
      { code: 'CONFLICT', field: ['expectedVersion'], message: 'at version 2' },
      { code: 'NOT_INDEPENDENT', field: null, message: 'Choose somebody else.' },
    ]);
    expect(refused.map(({ field, text }) => [field, text])).toEqual([
      ['nextReviewDue', 'Give a date.'], [null, t.review.errors.changed], [null, 'Choose somebody else.'],
    ]);
  });
});

test('a field is described by its hint and its problem', () => {
  const wrong = [{ field: 'note', text: 'too long' }];
  expect([describedBy('note', wrong), describedBy('note', []), describedBy('outcome', [], false)]).toEqual(['note-hint note-problem', 'note-hint', undefined]);
});

test('what is no form has no fields', async () => {
  const sent = await sentForm(new Request('http://site.example/', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }));
  expect([...sent.keys()]).toEqual([]);
});

test('months are counted in the calendar', () => {
  expect([monthsLater('2026-11-22', 24), monthsLater('2026-08-31', 6), monthsLater('2027-11-30', 3)]).toEqual(['2028-11-22', '2027-02-28', '2028-02-29']);
  expect(dayOf(new Date('2026-11-22T23:59:00Z'))).toBe(TODAY);
});

const finding = (changes: Partial<FindingData> = {}): FindingData => ({
  outcome: 'Pain', comparator: 'SHAM', timepoint: 'SHORT_TERM', direction: 'NO_DIFFERENCE',
  effect: null, ciLow: null, ciHigh: null, p: null, note: null, ...changes,
});

test('a finding is told in words', () => {
  expect(inWords(finding())).toBe('compared with sham (pretend) treatment, up to 3 months: no difference found.');
  expect(inWords(finding({ timepoint: null, effect: 'MD 24.2.', ciLow: 0, ciHigh: 31.4, p: '0.052', note: 'One week.' }))).toBe(
    'compared with sham (pretend) treatment: no difference found. Effect: MD 24.2. 95% confidence interval 0 to 31.4. P value: 0.052. One week.',
  );
});

test('findings are found by the key of their source; a missing source has none', () => {
  const found = findingsOf({ evidence: [{ key: 'a', source: { findings: [finding()] } }, { key: 'b', source: null }] });
  expect([found.get('a')?.length, found.has('b')]).toEqual([1, false]);
});

test('a reviewer is not told that a review is missing', () => {
  const found = (rule: string) => ({ rule, severity: 'BLOCK', message: '', excerpt: null, help: '', fingerprint: rule, waiver: null }) as const;
  expect(toMend({ findings: [found('REV-001'), found('CIT-001')] }).map(({ rule }) => rule)).toEqual(['CIT-001']);
});

describe('a password by invitation', () => {
  const wrong = (password: string, again: string) => passwordsIn(form({ password, again })).problems.map(({ field, text }) => [field, text]);

  test('is long enough and twice the same; spaces count', () => {
    expect(wrong(' plum ladder sea ', ' plum ladder sea ')).toEqual([]);
    expect(passwordsIn(form({ password: ' plum ladder sea ', again: ' plum ladder sea ' })).password).toBe(' plum ladder sea ');
    expect(wrong('', '')).toEqual([['password', t.invitation.errors.missing]]);
    expect(wrong('short', 'short')).toEqual([['password', t.invitation.errors.length]]);
    expect(wrong('plum ladder sea', 'plum ladder see')).toEqual([['again', t.invitation.errors.differs]]);
  });

  test('that the API refuses is refused at its field; a dead link is a dead link', () => {
    expect(acceptance([])).toEqual({ state: 'done' });
    expect(acceptance([{ code: 'NOT_FOUND', field: ['token'], message: 'gone' }])).toEqual({ state: 'dead' });
    expect(acceptance([{ code: 'INVALID', field: ['password'], message: 'Too common.' }])).toEqual({
      state: 'refused', problems: [{ field: 'password', text: 'Too common.' }],
    });
  });
});

test('a private page is kept nowhere; only one with a form tells its own site where it was', () => {
  const [plain, withForm] = [new Headers(), new Headers()];
  keepPrivate(plain, 'no form');
  keepPrivate(withForm, 'form');
  expect([plain.get('cache-control'), plain.get('x-robots-tag'), plain.get('referrer-policy')]).toEqual(['private, no-store', 'noindex, nofollow', 'no-referrer']);
  expect(withForm.get('referrer-policy')).toBe('same-origin');
});

describe('the origin of a form', () => {
  const originOf = (origin: string | undefined): string | undefined => {
    const request = { headers: { host: 'clinic.example', origin } } as unknown as IncomingMessage;
    knowOurOrigin(request, 'https://clinic.example');
    return request.headers.origin;
  };

  test('is named as Astro sees it when it is the public one', () => expect(originOf('https://clinic.example')).toBe('http://clinic.example'));
  test.each(['https://evil.example', 'https://clinic.example.evil', 'null', undefined])('%s stays what it is', (origin) =>
    expect(originOf(origin)).toBe(origin),
  );
});
