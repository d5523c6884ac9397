// Who is counted, by which key, and what becomes of the counts while the API is away.
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { RECORD_VIEWS } from '../src/graphql/ids';
import { RecordViews } from '../src/graphql/views';
import { START, Views, type Day, type Seen } from '../src/server/views';
import { keysUnder, written } from '../src/server/keys';
import { counting, visited } from '../src/server/visits';

const PERSON = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

test('the server and the build name one document', () => {
  expect((RecordViews as unknown as { documentId: string }).documentId).toBe(RECORD_VIEWS);
});

describe('a reader is counted', () => {
  const ask = (url: string, headers: Record<string, string> = {}, method = 'GET'): string | null =>
    visited({ method, url, headers: { 'user-agent': PERSON, ...headers } } as unknown as IncomingMessage);

  test.each([
    ['/articles/neck-pain', 'neck-pain'],
    ['/articles/neck-pain?utm_source=x', 'neck-pain'],
    ['/articles/n%C3%A4cken', 'näcken'],
    ['/articles', null],
    ['/articles/neck-pain/comment', null],
    ['/articles/neck-pain.jsonld', null],
    ['/articles/%ff', null],
    ['/conditions/neck-pain', null],
  ])('of %s for %s', (url, slug) => {
    expect(ask(url)).toBe(slug);
  });

  test.each([
    { 'sec-gpc': '1' },
    { dnt: '1' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'user-agent': '' },
    { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
    { 'user-agent': 'Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36' },
    { 'user-agent': 'curl/8.5.0' },
    { 'user-agent': 'facebookexternalhit/1.1' },
  ])('not with %o', (headers) => {
    expect(ask('/articles/neck-pain', headers)).toBeNull();
  });

  test('unless it said 0, and never for a HEAD or a POST', () => {
    expect(ask('/articles/a', { dnt: '0' })).toBe('a');
    expect([ask('/articles/a', {}, 'HEAD'), ask('/articles/a', {}, 'POST')]).toEqual([null, null]);
  });
});

test.each([
  ['/articles/sleep', {}, 200, 'GET', 1],
  ['/articles/sleep', { dnt: '0' }, 200, 'GET', 1],
  ['/articles/sleep', {}, 304, 'GET', 0],
  ['/articles/sleep', {}, 410, 'GET', 0],
  ['/articles/sleep', {}, 200, 'HEAD', 0],
  ['/articles/sleep', { dnt: '1' }, 200, 'GET', 0],
  ['/articles/sleep', { 'sec-gpc': '1' }, 200, 'GET', 0],
  ['/articles/sleep', { 'sec-purpose': 'prefetch' }, 200, 'GET', 0],
  ['/articles/sleep', { 'user-agent': 'curl/8.5.0' }, 200, 'GET', 0],
  ['/articles?condition=neck-pain', {}, 200, 'GET', 0],
  ['/conditions/sleep', {}, 200, 'GET', 0],
])('of the kept page %s, asked with %o and sent with %i to a %s, %i are counted', async (name, headers, status, method, readers) => {
  const told: Seen[] = [];
  const views = new Views(async (_, seen) => {
    told.push(...seen);
    return { day: '2026-03-04', salt: 'one', until: Infinity };
  });
  await views.flush(0);
  const request = { method, headers: { 'user-agent': PERSON, ...headers } } as unknown as IncomingMessage;
  counting(views, () => '192.0.2.1').sent(name, request, status);
  await views.flush(1);
  expect(told.map(({ slug, keys }) => [slug, keys.length])).toEqual(readers === 0 ? [] : [['sleep', readers]]);
});

test.each(['salt', 'k'.repeat(43), 'k'.repeat(64)])('a key is 16 bytes of the HMAC over address, browser and slug, under %s', (salt) => {
  const keyOf = keysUnder(salt);
  for (const slug of ['neck-pain', 'näcken-✓']) {
    const whole = createHmac('sha256', salt).update(`203.0.113.9\n${PERSON}\n${slug}`).digest();
    expect(written(keyOf('203.0.113.9', PERSON, slug))).toBe(whole.subarray(0, 16).toString('base64url'));
  }
});

test.each(['', 'k'.repeat(65), 'sält'])('the salt %o is none', (salt) => {
  expect(() => keysUnder(salt)).toThrow('not what the API promises');
});

describe('what waits', () => {
  const DAY: Day = { day: '2026-03-04', salt: 'one', until: 1_000_000 };
  const NEXT: Day = { day: '2026-03-05', salt: 'two', until: 2_000_000 };
  let told: { day: string | null; keys: number }[];
  let now: Day | null;
  let views: Views;
  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue();
    told = [];
    now = DAY;
    views = new Views(async (day, seen: readonly Seen[]) => {
      if (!now) throw new Error('away');
      told.push({ day, keys: seen.reduce((sum, { keys }) => sum + keys.length, 0) });
      return now;
    });
  });
  const read = (readers: number, at: number, slug = 'sleep'): void => {
    for (let reader = 0; reader < readers; reader += 1) views.note(slug, `192.0.2.${reader}`, PERSON, at);
  };

  test('is a set, sent in pieces that one call may hold', async () => {
    await views.flush(0);
    read(900, 1);
    read(900, 2);
    read(300, 3, 'walking');
    await views.flush(4);
    await views.flush(5);
    expect(told).toEqual([{ day: null, keys: 0 }, { day: '2026-03-04', keys: 1_000 }, { day: '2026-03-04', keys: 200 }]);
  });

  test('never says more at once than the API reads', async () => {
    const sizes: number[] = [];
    const wide = new Views(async (day, seen) => {
      if (day) sizes.push(JSON.stringify(seen).length);
      return DAY;
    });
    await wide.flush(0);
    for (let article = 0; article < 900; article += 1) wide.note(`${'s'.repeat(150)}-${article}`, '203.0.113.7', PERSON, 1);
    await wide.flush(2);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(60_000);
  });

  test('is nothing before the salt is known', async () => {
    now = null;
    await views.flush(0);
    read(5, 1);
    now = DAY;
    await views.flush(2);
    await views.flush(3);
    expect(told).toEqual([{ day: null, keys: 0 }]);
  });

  test('waits on while the API is away, and no longer than its day', async () => {
    await views.flush(0);
    read(5, 1);
    now = null;
    await views.flush(2);
    now = DAY;
    await views.flush(3);
    expect(told.at(-1)).toEqual({ day: '2026-03-04', keys: 5 });
    read(5, 4);
    now = null;
    await views.flush(DAY.until);
    now = NEXT;
    await views.flush(DAY.until + 1);
    expect(told.at(-1)).toEqual({ day: null, keys: 0 });
    expect(console.error).toHaveBeenCalledTimes(2);
  });

  test('belongs to the day under whose salt it was made', async () => {
    await views.flush(0);
    read(5, DAY.until - 1);
    now = NEXT;
    read(5, DAY.until);
    await views.flush(DAY.until);
    read(2, DAY.until + 1);
    await views.flush(DAY.until + 2);
    expect(told.slice(1)).toEqual([{ day: '2026-03-04', keys: 5 }, { day: '2026-03-05', keys: 2 }]);
  });

  test('is told for the old day where it came while the last of that day was under way', async () => {
    let meanwhile: (() => void) | null = null;
    const asked = new Views(async (day, seen) => {
      meanwhile?.();
      meanwhile = null;
      told.push({ day, keys: seen.reduce((sum, { keys }) => sum + keys.length, 0) });
      return now ?? DAY;
    });
    await asked.flush(0);
    asked.note('sleep', '192.0.2.1', PERSON, DAY.until - 30);
    meanwhile = () => {
      asked.note('sleep', '192.0.2.2', PERSON, DAY.until - 10);
      now = NEXT;
    };
    await asked.flush(DAY.until - 20);
    asked.note('sleep', '192.0.2.2', PERSON, DAY.until + 500);
    await asked.flush(DAY.until + 1_000);
    expect(told.slice(1)).toEqual([{ day: DAY.day, keys: 1 }, { day: DAY.day, keys: 1 }, { day: NEXT.day, keys: 1 }]);
  });

  test('is a key a moment later, and a program never', async () => {
    vi.useFakeTimers();
    await views.flush(0);
    views.note('sleep', '192.0.2.1', PERSON, 1);
    views.note('sleep', '192.0.2.2', 'curl/8.5.0', 1);
    const { recent } = views as unknown as { recent: string[] };
    expect(recent).toHaveLength(6);
    vi.advanceTimersByTime(100);
    expect((views as unknown as { recent: string[] }).recent).toEqual([]);
    vi.useRealTimers();
    await views.flush(2);
    expect(told.slice(1)).toEqual([{ day: '2026-03-04', keys: 1 }]);
  });

  test('nobody is told that the API is away in the first minute, while it starts', async () => {
    vi.useFakeTimers();
    now = null;
    await views.start(0);
    await views.flush(START - 1);
    expect(console.error).not.toHaveBeenCalled();
    await views.flush(START);
    expect(console.error).toHaveBeenCalledTimes(1);
    now = DAY;
    await views.flush(START + 1);
    now = null;
    read(1, START + 2);
    await views.flush(START + 3);
    expect(console.error).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  test('has a bound', async () => {
    await views.flush(0);
    for (let reader = 0; reader < 25_000; reader += 1) views.note('sleep', String(reader), PERSON, 1);
    await views.flush(2);
    expect(told.slice(1)).toEqual(Array.from({ length: 20 }, () => ({ day: '2026-03-04', keys: 1_000 })));
  });
});
