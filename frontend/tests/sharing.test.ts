// Which share the pages choose, made as readers get them, against a small API that knows one topic and one article.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { clinic } from './samples';

const KNOWN = 'cnd_01m81spk72f47s5r856xt84f1b';
const UNKNOWN = 'cnd_01m81spk72f47s5r856xt84f1c';
const TREATMENT = 'trt_01m81spk72f47s5r856xt84f1d';
const LATE = 'trt_01m81spk72f47s5r856xt84f1e';
const nodes = (name: string, id: string) => ({ nodes: [{ id, name, slug: name, summary: name, alternateNames: [] }], pageInfo: { hasNextPage: false } });

/** Finds nothing for a topic, but where it is one beyond the first hundred, which are offered. */
const server = createServer(({ url = '' }, response) => {
  const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  const articles = { totalCount: url.includes(LATE) ? 1 : 0, pageInfo, nodes: [] };
  const data = { clinic: clinic(), articles, conditions: nodes('neck-pain', KNOWN), treatments: nodes('rest', TREATMENT) };
  response.writeHead(200, { ETag: '"1"' }).end(JSON.stringify({ data }));
});
let container: AstroContainer;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('API_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  container = await AstroContainer.create();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function shareOf(list: 'articles' | 'conditions', search: string): Promise<App.Locals['share']> {
  const page = list === 'articles' ? await import('../src/pages/articles/index.astro') : await import('../src/pages/conditions/index.astro');
  const locals: App.Locals = { stale: false, readerAddress: '', cacheTags: new Set(), questions: [], heard: [], share: 'pages', grounds: [] };
  await container.renderToString(page.default, { locals, request: new Request(`http://site.example/${list}?${search}`) });
  expect(locals.heard).toHaveLength(1);
  return locals.share;
}

test.each([
  ['articles', '', 'pages'],
  ['articles', 'order=qq0', 'pages'],
  ['articles', 'condition=a0&utm_source=x', 'pages'],
  ['articles', 'order=TITLE', 'lists'],
  ['articles', 'after=abc', 'lists'],
  ['articles', `condition=${KNOWN}`, 'lists'],
  ['articles', `condition=${KNOWN}&treatment=${TREATMENT}`, 'lists'],
  ['articles', `treatment=${LATE}`, 'lists'],
  ['articles', `condition=${UNKNOWN}`, null],
  ['articles', `condition=${UNKNOWN}&treatment=${TREATMENT}`, null],
  ['conditions', '', 'pages'],
  ['conditions', 'after=abc', 'lists'],
] as const)('/%s?%s lives in %s', async (list, search, share) => {
  expect(await shareOf(list, search)).toBe(share);
});
