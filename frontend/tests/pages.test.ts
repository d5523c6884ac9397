// The memory of pages: what is kept, under which name, for how long, and what makes it go.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { createServer, request as ask, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Answers } from '../src/lib/answers';
import type { Share } from '../src/lib/shares';
import { tagsOf } from '../src/lib/tags';
import { nameOf } from '../src/server/addresses';
import { Hot } from '../src/server/hot';
import { Pages, type Page } from '../src/server/pages';
import { purging } from '../src/server/purge';

const page = (text: string, tags: readonly string[], confirm: () => Promise<boolean> = async () => true, share: Share = 'pages'): Page => ({
  share,
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  tags,
  etag: createHash('sha256').update(text).digest('hex').slice(0, 8),
  plain: Buffer.from(text),
  br: Buffer.from(`br ${text}`),
  gzip: Buffer.from(`gzip ${text}`),
  isStale: false,
  confirm,
});

const CONDITION = 'cnd_01m81spk72f47s5r856xt84f1b';

describe('a page has one name', () => {
  test.each([
    ['/', '/'],
    ['/?utm_source=x', '/'],
    ['/articles/neck-pain?fbclid=1', '/articles/neck-pain'],
    [`/articles?page=2&order=TITLE&condition=${CONDITION}`, `/articles?condition=${CONDITION}&order=TITLE`],
    ['/articles?condition=a0', '/articles'],
    [`/articles?treatment=${CONDITION}&condition=cnd_1`, '/articles'],
    ['/articles?order=qq0', '/articles'],
    ['/articles?order=NEWEST', '/articles'],
    ['/articles?after=abc&before=def', '/articles?before=def'],
    ['/articles?after=%00', '/articles'],
    ['/conditions?after=a.b', '/conditions'],
    ['/articles/%6Eeck-pain', null],
    ['/articles/Neck-pain', null],
    ['/articles?order=&x=1', '/articles'],
    ['/conditions?after=abc&x', '/conditions?after=abc'],
    ['/search', null],
    ['/articles/neck-pain/comment', null],
    ['/articles/neck-pain.jsonld', null],
    ['/preview/mrp_1', null],
    ['/partners/claim/abc', null],
    ['/media/x.webp', null],
    [`/articles?after=${'a'.repeat(700)}`, null],
    ['//evil.example', null],
  ])('%s is %s', (url, name) => {
    expect(nameOf(url)).toBe(name);
  });
});

describe('what an answer was made from', () => {
  const article = 'art_01m81spk72f47s5r856xt84f1b';

  test('is read off its ids and lists, beside what the API names itself', () => {
    const data = { clinic: { name: 'x' }, article: { id: article, related: { nodes: [] }, citations: [{ source: { id: 'src_01m81spjjpfkb8ka3gq8qpdg7e' } }] } };
    expect(tagsOf({ by: { slug: 'a,b' } }, data, 'own:1, own:2')).toEqual([
      'own:1',
      'own:2',
      'article:slug:a%2Cb',
      'clinic',
      `article:${article}`,
      'list:articles',
      'source:src_01m81spjjpfkb8ka3gq8qpdg7e',
    ]);
  });

  test('is what was asked for when the answer is nothing', () => {
    expect(tagsOf({ path: '/articles/x' }, { route: null }, null)).toEqual(['route:/articles/x']);
    expect(tagsOf({ slug: 'x' }, { condition: null }, null)).toEqual(['slug:x']);
  });

  test('is not guessed from what only looks like an id', () => {
    expect(tagsOf({}, { id: 'art_1', name: article, other: { id: 'xyz_01m81spk72f47s5r856xt84f1b' } }, null)).toEqual([]);
  });
});

describe('the memory of pages', () => {
  let pages: Pages;
  beforeEach(() => {
    pages = new Pages();
  });
  const fill = (name: string, tags: string[], at = 0): boolean => pages.keep(pages.ticket(name, at), page(name, tags));

  test('believes a page for half a second without word from the worker', () => {
    fill('/', []);
    expect([pages.fresh('/', 499) !== undefined, pages.fresh('/', 500)]).toEqual([true, undefined]);
  });

  test('believes it longer while the worker tells, and no longer than its word is good', () => {
    fill('/', []);
    pages.told(1_000, null, 1_000);
    expect([pages.fresh('/', 1_599) !== undefined, pages.fresh('/', 1_600)]).toEqual([true, undefined]);
    pages.told(59_900, null, 59_900);
    expect([pages.fresh('/', 59_999) !== undefined, pages.fresh('/', 60_000)]).toEqual([true, undefined]);
  });

  test('gives nothing on the word of a clock that is wrong', () => {
    fill('/', []);
    for (const at of [10_000, -10_000]) pages.told(at, null, 1_000);
    expect([pages.isTold(1_000), pages.fresh('/', 1_000)]).toEqual([false, undefined]);
  });

  test('believes no page past the next moment that is due', () => {
    fill('/', []);
    pages.told(100, 50, 100);
    expect([pages.fresh('/', 149) !== undefined, pages.fresh('/', 150)]).toEqual([true, undefined]);
    fill('/', [], 160);
    expect(pages.fresh('/', 161)).toBeDefined();
  });

  test('asks about every page while the API does not answer', () => {
    fill('/', []);
    pages.told(1_000, null, 1_000);
    pages.trust(false);
    expect(pages.fresh('/', 1_001)).toBeUndefined();
    pages.trust(true);
    expect(pages.fresh('/', 1_001)).toBeDefined();
  });

  test('drops by tag, and nothing else', () => {
    fill('/a', ['article:1', 'clinic']);
    fill('/b', ['article:2', 'clinic']);
    expect([pages.drop(new Set(['article:1'])), pages.find('/a'), pages.find('/b') !== undefined]).toEqual([1, undefined, true]);
    expect([pages.drop(new Set(['article:9'])), pages.drop(new Set()), pages.size]).toEqual([0, 0, 1]);
  });

  test('does not keep a page that was being made when something in it was dropped', () => {
    const [hit, missed, flushed] = [pages.ticket('/a', 0), pages.ticket('/b', 0), pages.ticket('/c', 0)];
    pages.drop(new Set(['article:1']));
    expect([pages.keep(hit, page('a', ['article:1'])), pages.keep(missed, page('b', ['article:2']))]).toEqual([false, true]);
    pages.flush();
    expect([pages.keep(flushed, page('c', [])), pages.size]).toEqual([false, 0]);
    expect(fill('/a', ['article:1'])).toBe(true);
  });

  test('does not take a confirmation for a page that was dropped meanwhile', () => {
    fill('/a', ['article:1']);
    const kept = pages.find('/a');
    const ticket = pages.ticket('/a', 700);
    pages.drop(new Set(['article:1']));
    expect(kept && pages.confirm(ticket, kept)).toBe(false);
    expect(pages.fresh('/a', 701)).toBeUndefined();
  });

  test('has a bound: what was read longest ago goes', () => {
    for (let number = 0; number < 2_001; number += 1) {
      fill(`/${number}`, []);
      if (number === 1_999) pages.find('/0');
    }
    expect([pages.size, pages.find('/0') !== undefined, pages.find('/1')]).toEqual([2_000, true, undefined]);
  });

  test.each([['lists', 400], ['past', 400], ['forms', 0]] as const)('has a share for %s, which pushes nothing else out', (share, most) => {
    fill('/', []);
    const heavy = { ...page('x', [], undefined, share), plain: Buffer.alloc(20_000) };
    for (let number = 0; number < 2_100; number += 1) pages.keep(pages.ticket(`/articles?after=${number}`, 0), heavy);
    expect([pages.size - 1 <= most, pages.find('/') !== undefined]).toEqual([true, true]);
    expect(pages.flush()).toBeLessThanOrEqual(most + 1);
    fill('/', []);
    expect(pages.size).toBe(1);
  });
});

describe('over HTTP', () => {
  const SECRET = 'a secret of at least thirty-two bytes';
  const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'meridian/purge', 32));
  let pages: Pages;
  let answers: Answers;
  let rendered = 0;
  let hold = async (): Promise<boolean> => true;
  let isPurge: ReturnType<typeof purging>;
  let hot: Hot;
  const server = createServer((request, response) => {
    if (hot.serve(request, response) !== null || isPurge(request, response)) return;
    void hot.bring(request, response);
  });
  let port = 0;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    rendered = 0;
    hold = async () => true;
    pages = new Pages();
    answers = new Answers();
    isPurge = purging(SECRET, pages, answers);
    hot = new Hot(
      pages,
      { 'X-Standing': 'yes' },
      async (request, response, making) => {
        rendered += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        making?.keep(page(`made of ${request.url}`, ['article:1'], () => hold()));
        response.end(`made of ${request.url}`);
      },
      () => '203.0.113.9',
    );
  });

  interface Got {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Got> =>
    new Promise((resolve, reject) => {
      const asked = ask({ port, path, headers, method, agent: false }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });

  function said(word: object, at = Date.now(), secret = key): Promise<Got> {
    const body = JSON.stringify(word);
    const seconds = Math.floor(at / 1000);
    const proof = createHmac('sha256', secret).update(`${seconds}\n${createHash('sha256').update(body).digest('hex')}`).digest('hex');
    return get('/_purge', { 'Meridian-Purge': `t=${seconds},v1=${proof}` }, 'POST', body);
  }

  test('ten readers at once cost one rendering, and unknown parameters none', async () => {
    const got = await Promise.all(Array.from({ length: 10 }, (_, index) => get(`/about?x=${index}`)));
    expect(new Set(got.map(({ body }) => body))).toEqual(new Set(['made of /about']));
    expect([rendered, pages.size]).toEqual([1, 1]);
  });

  test('five hundred topics that nobody knows are one page', async () => {
    for (let number = 0; number < 500; number += 1) await get(`/articles?condition=a${number}&order=qq${number}`);
    expect([rendered, pages.size]).toEqual([1, 1]);
  });

  test('a kept page is sent packed, with the standing headers, and not twice to who has it', async () => {
    await get('/about');
    const packed = await get('/about', { 'Accept-Encoding': 'gzip, br' });
    expect([packed.body, packed.headers['content-encoding'], packed.headers['x-standing']]).toEqual(['br made of /about', 'br', 'yes']);
    const again = await get('/about', { 'If-None-Match': String(packed.headers.etag) });
    expect([again.status, again.body, again.headers['content-type']]).toEqual([304, '', undefined]);
    const head = await get('/about', {}, 'HEAD');
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '14']);
    expect(rendered).toBe(1);
  });

  test('after a moment without word a page is confirmed, and made anew only when it changed', async () => {
    await get('/about');
    await new Promise((resolve) => setTimeout(resolve, 520));
    expect([(await get('/about')).status, rendered]).toEqual([200, 1]);
    hold = async () => false;
    await new Promise((resolve) => setTimeout(resolve, 520));
    expect([(await get('/about')).status, rendered]).toEqual([200, 2]);
  });

  test('a signed word drops by tag at once', async () => {
    await get('/about');
    expect((await said({ tags: ['article:1'] })).body).toBe('1\n');
    expect(pages.size).toBe(0);
    await get('/about');
    expect([(await said({ all: true })).body, pages.size]).toEqual(['1\n', 0]);
  });

  test('what may not be shown is not kept as a copy either', async () => {
    answers.keep('a', { etag: '"1"', data: {}, tags: ['article:1'], confirmedAt: Date.now() });
    answers.keep('b', { etag: '"1"', data: {}, tags: ['article:2'], confirmedAt: Date.now() });
    await said({ tags: ['article:2'], gone: ['article:1'] });
    expect([answers.find('a', Date.now()), answers.find('b', Date.now()) !== undefined]).toEqual([undefined, true]);
  });

  test.each([
    ['unsigned', () => get('/_purge', {}, 'POST', '{"all":true}')],
    ['signed with another key', () => said({ all: true }, Date.now(), Buffer.alloc(32))],
    ['said two minutes ago', () => said({ all: true }, Date.now() - 120_000)],
    ['read instead of told', () => get('/_purge')],
  ])('a word that is %s changes nothing', async (_, say) => {
    await get('/about');
    expect((await say()).status).toBe(403);
    expect(pages.size).toBe(1);
  });

  test('without a secret nobody is believed', async () => {
    isPurge = purging('', pages, answers);
    await get('/about');
    expect([(await said({ all: true })).status, pages.size]).toEqual([403, 1]);
  });
});
