// Every link on the site leads somewhere, also to the very heading that it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { site } from '../browser.ts';

const MOST = 400;
const NOT_PAGES = /^\/(?:feeds|media|preview|review)\//;

interface Seen {
  readonly status: number;
  readonly ids: ReadonlySet<string>;
  readonly links: readonly string[];
}

async function look(path: string): Promise<Seen> {
  const response = await fetch(site + path, { redirect: 'manual' });
  const html = (response.headers.get('content-type') ?? '').startsWith('text/html') ? await response.text() : '';
  const attribute = (name: string): string[] =>
    [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
  return { status: response.status, ids: new Set(attribute('id')), links: attribute('href') };
}

test('no link on the site is dead', async () => {
  const seen = new Map<string, Seen>();
  const wanted: { from: string; to: string }[] = [];
  const queue = ['/'];
  for (let path = queue.shift(); path !== undefined && seen.size < MOST; path = queue.shift()) {
    if (seen.has(path)) continue;
    const page = await look(path);
    seen.set(path, page);
    for (const href of page.links) {
      if (!href.startsWith('/') && !href.startsWith('#')) continue;
      const { pathname, search, hash } = new URL(href, `${site}${path}`);
      if (NOT_PAGES.test(pathname)) continue;
      wanted.push({ from: path, to: pathname + search + hash });
      if (!seen.has(pathname + search)) queue.push(pathname + search);
    }
  }
  assert.ok(seen.size > 10, `only ${seen.size} pages were found`);
  const dead = wanted.filter(({ to }) => {
    const [path = '', id = ''] = to.split('#');
    const page = seen.get(path);
    return page !== undefined && (page.status >= 400 || (id !== '' && !page.ids.has(decodeURIComponent(id))));
  });
  assert.deepEqual([...new Set(dead.map(({ from, to }) => `${from} → ${to}`))], []);
});

test('no page uses an id twice', async () => {
  for (const path of ['/', '/articles', '/conditions', '/about', '/partners']) {
    const { links } = await look(path);
    const html = await (await fetch(site + (links.find((href) => href.startsWith(`${path}/`)) ?? path))).text();
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), [], path);
  }
});
