// What measures the site must notice when the site is wrong: these are its own tests.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { load } from '../quality/bars/load';
import { type Answer, closes, natureOf, wrongWith } from '../quality/measuring/natures';
import { GET } from '../src/pages/robots.txt';

const PAGE: Answer = { status: 200, robotsTag: null, html: '<title>A page</title>', isClosed: false };
const HIDDEN = { html: '<meta name="robots" content="noindex">' };

test.each<[string, Partial<Answer>, string[]]>([
  ['article', {}, []],
  ['comments-closed', HIDDEN, ['noindex']],
  ['preview', { robotsTag: 'noindex, nofollow' }, ['noindex']],
  ['search', { isClosed: true }, ['noindex']],
  ['not-found', { ...HIDDEN, status: 404 }, ['noindex', 'status']],
  ['withdrawn-for-safety', { ...HIDDEN, status: 410 }, ['noindex', 'status']],
  ['legal', { ...HIDDEN, status: 451 }, ['noindex', 'status']],
])('the page %s that answers %o is as it should be, and excused %o', (name, said, nature) => {
  expect([natureOf(name, { ...PAGE, ...said }), wrongWith(name, { ...PAGE, ...said })]).toEqual([nature, []]);
});

test.each<[string, Partial<Answer>, string[]]>([
  ['article', HIDDEN, ['asks not to be listed']],
  ['article', { robotsTag: 'noindex' }, ['asks not to be listed']],
  ['review', {}, ['does not ask not to be listed']],
  ['search-results', { ...HIDDEN, status: 503 }, ['answered 503 instead of 200']],
  ['preview', { ...HIDDEN, status: 404 }, ['answered 404 instead of 200']],
  ['gone', { ...HIDDEN, status: 404 }, ['answered 404 instead of 410']],
  ['not-found', HIDDEN, ['answered 200 instead of 404']],
  ['article', { status: 500 }, ['answered 500 instead of 200']],
])('the page %s that answers %o fails: %o', (name, said, wrong) => {
  const answer = { ...PAGE, ...said };
  expect(wrongWith(name, answer)).toEqual(wrong);
  expect(natureOf(name, answer)).not.toContain('status');
});

test('robots are kept from searches alone: what asks not to be listed must be read to be heard', async () => {
  const said = await GET().text();
  expect(said.match(/^Disallow:.*$/gm)).toEqual(['Disallow: /search']);
  expect(said).toContain('/sitemap.xml');
  expect(['/search?q=pain', '/preview/mrp_x', '/comment/x', '/'].map((path) => closes(said, path))).toEqual([true, false, false, false]);
});

test('a connection that ends before the time is up fails the measurement instead of holding it up', async () => {
  const server = createServer((socket) => socket.on('data', () => socket.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await expect(load(page, {}, 1)).rejects.toThrow('ended the connection');
  server.close();
});
