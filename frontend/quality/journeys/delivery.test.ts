// How pages travel: small, from one place, safe headers, and only what the settings say about addresses.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launch, site } from '../browser.ts';
import { pages } from '../pages.ts';

const visits = await pages();
const article = visits.find(({ name }) => name === 'article')?.path ?? '/';
let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** `fetch` would set Host itself. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(site + path, { headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

for (const { name, path } of visits) {
  test(`${name} asks nobody else for anything, and the browser has no complaint`, async () => {
    const page = await browser.newPage();
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on('request', (sent) => sent.url().startsWith(`${site}/`) || foreign.push(sent.url()));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const answer = await page.goto(site + path, { waitUntil: 'networkidle' });
    await page.close();
    assert.deepEqual(foreign, []);
    // A browser reports the status of a page that is meant to be missing as an error of its own.
    assert.deepEqual(complaints.filter((text) => (answer?.status() ?? 0) < 400 || !/status of 4/.test(text)), []);
  });

  test(`${name} bears the headers that keep it safe`, async () => {
    const { headers } = await fetch(site + path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.match(headers.get('permissions-policy') ?? '', /camera=\(\), geolocation=\(\), microphone=\(\)/);
    assert.match(headers.get('referrer-policy') ?? '', /^(?:same-origin|no-referrer)$/);
    assert.equal(headers.has('strict-transport-security'), false);
  });
}

test('the article page is small, has no script and shifts nothing', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const sizes: Record<string, number> = { document: 0, stylesheet: 0, script: 0, font: 0 };
  page.on('response', async (response) => {
    const kind = response.request().resourceType();
    if (kind in sizes) sizes[kind] = (sizes[kind] ?? 0) + (kind === 'font' ? (await response.body()).length : gzipSync(await response.body()).length);
  });
  await page.addInitScript(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) (globalThis as unknown as { shifted: number }).shifted += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(site + article, { waitUntil: 'networkidle' });
  const shift = await page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted);
  await page.close();
  assert.equal(sizes['script'], 0);
  assert.ok((sizes['document'] ?? 0) + (sizes['stylesheet'] ?? 0) <= 25_000, `HTML + CSS are ${JSON.stringify(sizes)} bytes`);
  assert.ok((sizes['font'] ?? 0) <= 80_000, `fonts are ${sizes['font']} bytes`);
  assert.ok(shift < 0.001, `layout shift ${shift}`);
});

test('an unchanged page is not sent twice', async () => {
  const first = await raw(article, { 'Accept-Encoding': 'br' });
  assert.equal(first.headers['content-encoding'], 'br');
  const again = await raw(article, { 'Accept-Encoding': 'br', 'If-None-Match': String(first.headers['etag']) });
  assert.deepEqual([again.status, again.body], [304, '']);
});

test('HEAD answers like GET, without the body', async () => {
  const [get, head] = await Promise.all([raw(article, {}), raw(article, {}, 'HEAD')]);
  assert.deepEqual([head.status, head.body, head.headers['etag']], [200, '', get.headers['etag']]);
});

const HOSTILE = {
  Host: 'evil.example',
  Forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Port': '666',
  'X-Forwarded-Prefix': '/evil',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '1.2.3.4',
  'X-Original-URL': '/preview/x',
  'X-Host': 'evil.example',
};

/** What every form is given anew: its signed time, and its work. */
const unsigned = (html: string): string => html.replace(/ data-challenge="[^"]*"/g, '').replace(/(name="formToken" value=)"[^"]*"/g, '$1""');

for (const { name, path } of visits) {
  test(`a hostile Host or X-Forwarded-* changes nothing on ${name}`, async () => {
    const [honest, hostile] = [await raw(path, {}), await raw(path, HOSTILE)];
    assert.equal(hostile.status, honest.status);
    assert.equal(unsigned(hostile.body), unsigned(honest.body));
    const names = ({ headers }: Answer): Set<string> => new Set(Object.keys(headers).filter((header) => header !== 'meridian-cache'));
    assert.deepEqual(names(hostile), names(honest));
    assert.doesNotMatch(JSON.stringify(hostile.headers), /evil/);
    for (const [, address = ''] of hostile.body.matchAll(/(?:rel="canonical" href|property="og:(?:url|image)" content)="([^"]*)"/g)) {
      assert.ok(address.startsWith(`${site}/`), address);
    }
  });
}

test('a hostile Host changes no redirect, no feed, no sitemap, no manifest', async () => {
  for (const path of ['/articles/', '/feeds/articles.atom', '/feeds/articles.json', '/sitemap.xml', '/robots.txt', '/manifest.webmanifest', `/oembed?url=${encodeURIComponent(site + article)}`]) {
    const hostile = await raw(path, HOSTILE);
    assert.doesNotMatch(JSON.stringify(hostile.headers) + hostile.body, /evil/, path);
  }
  assert.match((await raw('/feeds/articles.atom', HOSTILE)).body, new RegExp(`href="${site}/articles/`));
});

test('the manifest and every icon that it names are there', async () => {
  const html = await (await fetch(`${site}/`)).text();
  assert.match(html, /<link rel="manifest" href="\/manifest.webmanifest">/);
  const { name, icons } = (await (await fetch(`${site}/manifest.webmanifest`)).json()) as { name: string; icons: { src: string; type: string }[] };
  assert.ok(name.length > 2 && icons.length > 2);
  for (const { src, type } of [...icons, { src: '/icon-180.png', type: 'image/png' }]) {
    const answer = await fetch(site + src);
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, type], src);
  }
});

test('the code for other sites names the script and the hash of its very bytes', async () => {
  const html = (await (await fetch(site + article)).text()).replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const [, src = '', kind = '', hash = ''] = /<script async src="([^"]+)" integrity="(sha384)-([^"]+)" crossorigin="anonymous"><\/script>/.exec(html) ?? [];
  assert.ok(src.startsWith(`${site}/embed.`), src);
  const answer = await fetch(src);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(createHash(kind).update(Buffer.from(await answer.arrayBuffer())).digest('base64'), hash);
  assert.match(html, new RegExp(`<meridian-article slug="${article.split('/').at(-1)}"><a href="${site}${article}">`));
  assert.match(html, /<a href="\/partners">/);
});

test('no path leads to another site', async () => {
  for (const path of ['//evil.example', '//evil.example/', '/%5Cevil.example/', '/.//evil.example/', '/articles//evil.example/']) {
    const { status, headers } = await raw(path, {});
    const location = String(headers['location'] ?? '');
    assert.ok(!/^(?:https?:)?\/\/(?!localhost)/.test(location) && !location.startsWith('//'), `${path} → ${status} ${location}`);
  }
});

test('no path leads past what the site hands through', async () => {
  for (const path of ['/media/%252e%252e/graphql?query={__typename}', '/media/..%255Cgraphql?query={__typename}', '/feeds/%252e%252e/readyz']) {
    const { status, body } = await raw(path, {});
    assert.deepEqual([status, /__typename|ready/.test(body)], [404, false], path);
  }
});

test('redirects and refusals bear the headers, too', async () => {
  for (const path of ['/articles/', '/%ff', '/%00', '/_astro/none.css', '/media/none', '/favicon.svg']) {
    const { headers } = await raw(path, {});
    assert.deepEqual([headers['x-content-type-options'], headers['x-frame-options']], ['nosniff', 'DENY'], path);
  }
});

test('a preview is never kept and never indexed', async () => {
  const { headers } = await fetch(`${site}/preview/mrp_ended`);
  assert.match(headers.get('cache-control') ?? '', /no-store/);
  assert.match(headers.get('x-robots-tag') ?? '', /noindex/);
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
});

test('robots and language models find their way', async () => {
  const robots = await (await fetch(`${site}/robots.txt`)).text();
  assert.match(robots, /^Disallow: \/search$/m);
  assert.match(robots, new RegExp(`^Sitemap: ${site}/sitemap.xml$`, 'm'));
  const llms = await (await fetch(`${site}/llms.txt`)).text();
  assert.match(llms, /^# .+/);
  assert.match(llms, /\]\(https?:\/\/.+\/articles\/.+\)/);
});

test('pictures keep the ETag that the API gave them', async () => {
  const html = await (await fetch(site + article)).text();
  const src = /<img[^>]+src="(\/media\/[^"]+)"/.exec(html)?.[1];
  assert.ok(src, 'the article has no picture');
  const first = await fetch(site + src);
  assert.match(first.headers.get('content-type') ?? '', /^image\//);
  assert.equal((await fetch(site + src, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } })).status, 304);
});
