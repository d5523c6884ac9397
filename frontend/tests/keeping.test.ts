// What a kept page still rests on, beside the API's answers.
import { expect, test } from 'vitest';
import { keep } from '../src/lib/keeping';
import type { Page } from '../src/server/pages';

const locals = (grounds: App.Locals['grounds']): App.Locals => ({
  readerAddress: '203.0.113.9',
  stale: false,
  cacheTags: new Set(['article:1']),
  questions: [],
  heard: [],
  share: 'pages',
  grounds,
});
const response = (): Response => new Response('<p>Rest.</p>', { headers: { 'Cache-Control': 'public, max-age=0' } });

test('a page holds while all that it was made from is so, and no longer', async () => {
  const kept: Page[] = [];
  let script = 'embed.old.js';
  await keep(response(), locals([async () => true, async () => script === 'embed.old.js']), { keep: (page) => kept.push(page) });
  expect(await kept[0]?.confirm('203.0.113.9')).toBe(true);
  script = 'embed.new.js';
  expect(await kept[0]?.confirm('203.0.113.9')).toBe(false);
});

test.each([
  ['pages', 200, 'pages'],
  ['lists', 200, 'lists'],
  ['pages', 410, 'past'],
  ['pages', 404, undefined],
  [null, 200, undefined],
] as const)('a page of the share %s with status %i is kept in %s', async (share, status, expected) => {
  const kept: Page[] = [];
  const headers = { 'Cache-Control': 'public, max-age=0' };
  await keep(new Response('<p>Rest.</p>', { status, headers }), { ...locals([]), share }, { keep: (page) => kept.push(page) });
  expect(kept.map((page) => page.share)).toEqual(expected ? [expected] : []);
});
