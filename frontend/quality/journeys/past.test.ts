// Addresses with a past, as the sample clinic has them: an article that moved, one that was withdrawn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { site } from '../browser.ts';

const MOVED = { from: '/articles/is-acupuncture-safe', to: '/articles/what-to-expect-from-acupuncture' };
const WITHDRAWN = '/articles/acupuncture-and-sleep';

test('an article that moved sends its readers on, for good', async () => {
  const answer = await fetch(site + MOVED.from, { redirect: 'manual' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [301, MOVED.to]);
  assert.equal((await fetch(site + MOVED.to)).status, 200);
});

test('a withdrawn article tells when and why it went, and not what it said', async () => {
  const answer = await fetch(site + WITHDRAWN);
  const html = await answer.text();
  assert.equal(answer.status, 410);
  assert.match(html, /<h1>Withdrawn: .+<\/h1>/);
  assert.match(html, /We withdrew this article on \d+\s\w+\s\d{4}\./);
  assert.match(html, /<meta name="robots" content="noindex"/);
  assert.doesNotMatch(html, /role="doc-noteref"|class="prose"|application\/ld\+json/);
});

test('a withdrawn article is in no list and no search', async () => {
  for (const path of ['/', '/articles', '/search?q=sleep', '/llms.txt']) {
    assert.doesNotMatch(await (await fetch(site + path)).text(), new RegExp(WITHDRAWN), path);
  }
});
