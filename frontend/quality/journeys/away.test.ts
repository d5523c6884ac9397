// While the API is away: what was seen before is shown and says how old it may be; what was not is a 503 that helps, and neither is kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import { apart, type Apart } from '../apart.ts';
import { launch } from '../browser.ts';
import { pages } from '../pages.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LONGEST = 5_000;
const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-trailing-whitespace': 'off' } });
const article = (await pages()).find(({ name }) => name === 'article')?.path ?? '/';
const SEEN = ['/', article, '/contact'];
const UNSEEN = ['/articles', '/treatments', '/search?q=pain', '/no/such/page'];
let apartment: Apart;
before(async () => {
  apartment = await apart();
});
after(() => apartment.end());

const isStale = ({ headers }: Response): boolean => headers.get('meridian-cache') === 'stale';

async function eventually(path: string, says: (answer: Response) => boolean): Promise<void> {
  for (const end = Date.now() + LONGEST; Date.now() < end; ) {
    const answer = await fetch(apartment.url + path);
    await answer.arrayBuffer();
    if (says(answer)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${path} did not change within ${LONGEST} ms`);
}

test('seen pages are copies, unseen ones a 503 that says when to come again, and all is well once the API is back', async () => {
  for (const path of SEEN) assert.equal((await fetch(apartment.url + path)).status, 200, path);
  await apartment.cut();

  for (const path of SEEN) {
    await eventually(path, isStale);
    const { status, headers } = await fetch(apartment.url + path);
    assert.deepEqual([status, headers.get('meridian-cache'), headers.get('cache-control')], [200, 'stale', 'no-store'], path);
  }
  for (const path of UNSEEN) {
    const { status, headers } = await fetch(apartment.url + path);
    assert.deepEqual([status, headers.get('retry-after'), headers.get('cache-control')], [503, '30', 'no-store'], path);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
  }

  await apartment.mend();
  for (const path of [...SEEN, '/articles', '/treatments']) await eventually(path, (answer) => answer.status === 200 && !isStale(answer));
});

test('both pages are whole: valid, accessible, with the telephone number and whom to call in an emergency', async () => {
  await fetch(apartment.url + article);
  await apartment.cut();
  await eventually(article, isStale);
  const browser = await launch();
  try {
    for (const [path, words] of [[article, /what we last knew|a copy/i], ['/practitioners', /come back|try again/i]] as const) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      await page.goto(apartment.url + path);
      assert.match(await page.getByRole('main').innerText(), words);
      assert.match((await page.getByRole('contentinfo').locator('a[href^="tel:"]').first().getAttribute('href')) ?? '', /^tel:\+?\d+$/);
      assert.ok((await page.getByRole('main').locator('a[href="tel:999"]').count()) > 0, `${path} says whom to call`);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      assert.deepEqual(violations.map(({ id }) => id), [], path);
      const { results } = await validator.validateString(await page.content());
      assert.deepEqual(results.flatMap(({ messages }) => messages).filter(({ ruleId }) => ruleId !== 'doctype-style').map(({ message }) => message), [], path);
      await context.close();
    }
  } finally {
    await browser.close();
    await apartment.mend();
  }
});

test('a site that has never heard from the API says so, decently', async () => {
  const alone = await apart();
  try {
    await alone.cut();
    const answer = await fetch(alone.url);
    const html = await answer.text();
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30']);
    assert.match(html, /<h1>.+<\/h1>/);
    assert.match(html, /href="tel:999"/);
    assert.doesNotMatch(html, /undefined|null/);
  } finally {
    await alone.end();
  }
});
