// What a reader comes to do, with JavaScript and without it: the same steps, the same result.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, site } from '../browser.ts';
import { pages, type Visit } from '../pages.ts';

let browser: Browser;
let visits: Visit[];
before(async () => {
  browser = await launch();
  visits = await pages();
});
after(() => browser.close());

const pathOf = (name: string): string => visits.find((visit) => visit.name === name)?.path ?? assert.fail(`the site has no ${name}`);

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'a reader with JavaScript' : 'a reader without JavaScript', () => {
    async function on(path: string, steps: (page: Page) => Promise<void>): Promise<void> {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      try {
        await page.goto(site + path);
        await steps(page);
      } finally {
        await context.close();
      }
    }

    test('goes from the front page to a condition, and from there to an article', () =>
      on('/', async (page) => {
        await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Conditions' }).click();
        await page.waitForURL('**/conditions');
        await page.goto(site + pathOf('condition'));
        const name = await page.getByRole('heading', { level: 1 }).innerText();
        assert.ok(name.length > 2);
        assert.ok((await page.getByRole('table').count()) > 0, 'the condition shows an evidence table');
        await page.locator('#page-articles ~ .lines a').first().click();
        await page.waitForURL('**/articles/*');
        assert.ok((await page.getByRole('heading', { level: 1 }).innerText()).length > 5);
      }));

    test('follows a mark to its reference and comes back', () =>
      on(pathOf('article'), async (page) => {
        const mark = page.locator('a[role="doc-noteref"]').first();
        const id = await mark.getAttribute('id');
        assert.match((await mark.getAttribute('aria-label')) ?? '', /^Reference \d+, /);
        await mark.click();
        await page.waitForURL(/#ref-/);
        const reference = page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`);
        assert.ok(await reference.isVisible());
        await reference.locator('a[role="doc-backlink"]').first().click();
        assert.equal(new URL(page.url()).hash, `#${id}`);
      }));

    test('finds an article by search, reads who wrote it, and reaches that practitioner', () =>
      on(pathOf('article'), async (page) => {
        const title = await page.getByRole('heading', { level: 1 }).innerText();
        await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Search' }).click();
        await page.getByRole('searchbox').fill(title.split(/\W+/).slice(0, 4).join(' '));
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('main').getByRole('link', { name: title, exact: true }).click();
        await page.waitForURL('**/articles/*');
        assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), title);
        const author = page.locator('.byline a[href^="/practitioners/"]').first();
        const name = await author.innerText();
        await author.click();
        await page.waitForURL('**/practitioners/*');
        assert.match(await page.getByRole('heading', { level: 1 }).innerText(), new RegExp(name));
        assert.ok(await page.getByRole('heading', { name: 'Registers and qualifications' }).isVisible());
        assert.ok((await page.getByRole('main').getByRole('link', { name: title, exact: true }).count()) > 0, 'the profile leads back to the article');
      }));

    test('finds urgent help from the top of the article', () =>
      on(pathOf('article'), async (page) => {
        await page.getByRole('link', { name: /^Get help quickly/ }).click();
        const target = page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`);
        assert.match(await target.innerText(), /^(?:Immediate action|Urgent advice):/);
        assert.ok((await page.locator('.care a[href="tel:999"], .care a[href="tel:111"]').count()) > 0);
      }));

    test('chooses a topic and a page of the list of articles', () =>
      on('/articles', async (page) => {
        const all = Number.parseInt(await page.locator('.count').innerText(), 10);
        await page.getByLabel('Treatment').selectOption({ index: 1 });
        await page.getByRole('button', { name: 'Show articles' }).click();
        await page.waitForURL(/treatment=trt_/);
        const some = Number.parseInt(await page.locator('.count').innerText(), 10);
        assert.ok(some <= all);
        await page.getByRole('link', { name: 'Show all articles' }).click();
        assert.equal(Number.parseInt(await page.locator('.count').innerText(), 10), all);
        const titles = await page.locator('.line-title').allInnerTexts();
        const next = page.getByRole('link', { name: /Next page/ });
        if ((await next.count()) === 0) return;
        await next.click();
        const later = await page.locator('.line-title').allInnerTexts();
        assert.deepEqual(titles.filter((title) => later.includes(title)), []);
        await page.getByRole('link', { name: /Previous page/ }).click();
        assert.deepEqual(await page.locator('.line-title').allInnerTexts(), titles);
      }));

    test('searches, sees what was found, and is helped on when nothing was', () =>
      on('/search', async (page) => {
        await page.getByRole('searchbox').fill('pain');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.waitForURL(/q=pain/);
        assert.match(await page.locator('#results').innerText(), /results? for “pain”/);
        assert.ok((await page.locator('.lines mark').count()) > 0);
        await page.getByRole('searchbox').fill('xyzzyqq');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.waitForURL(/q=xyzzyqq/);
        assert.match(await page.locator('#results').innerText(), /Nothing found/);
        assert.ok((await page.getByRole('main').getByRole('link', { name: 'Conditions' }).count()) > 0);
      }));

    test('is asked whether another word was meant, and gets there', () =>
      on('/search?q=acupunctre', async (page) => {
        const link = page.locator('#results ~ p a[href^="/search?q="]');
        assert.equal(await link.innerText(), 'acupuncture');
        await link.click();
        await page.waitForURL(/q=acupuncture/);
        assert.match(await page.locator('#results').innerText(), /results? for “acupuncture”/);
        assert.match(await page.locator('.lines mark').first().innerText(), /^acupunctur/i);
      }));

    test('finds the telephone number at the foot of every page', () =>
      on('/about', async (page) => {
        assert.match((await page.getByRole('contentinfo').locator('a[href^="tel:"]').first().getAttribute('href')) ?? '', /^tel:\+?\d+$/);
      }));

    test('is told that a page is not there, with the right status', () =>
      on('/', async (page) => {
        const answer = await page.goto(`${site}/no/such/page`);
        assert.equal(answer?.status(), 404);
        assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Page not found');
      }));
  });
}

test('with the keyboard the first stop leads past the menu', async () => {
  const page = await browser.newPage();
  await page.goto(site + pathOf('article'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#main');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  await page.close();
});
