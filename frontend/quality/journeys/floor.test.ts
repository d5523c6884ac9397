// The oldest browsers that we promise to serve: the same pages with newer styles taken out, and every task by the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, site } from '../browser.ts';
import { tabTo } from '../keyboard.ts';
import { pages, type Visit } from '../pages.ts';

const NEWER = /light-dark\([^)]*\)|:has\([^)]*\)|text-wrap\s*:[^;}]*;?|accent-color\s*:[^;}]*;?/g;
let browser: Browser;
let visits: Visit[];
before(async () => {
  browser = await launch();
  visits = await pages();
});
after(() => browser.close());

const pathOf = (name: string): string => visits.find((visit) => visit.name === name)?.path ?? assert.fail(`the site has no ${name}`);

for (const colorScheme of ['light', 'dark'] as const) {
  test(`without newer styles a ${colorScheme} page is whole: its colours, its notes, nothing beside the screen`, async () => {
    const context = await browser.newContext({ colorScheme, javaScriptEnabled: true, viewport: { width: 390, height: 844 } });
    await context.route('**/*.css', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(NEWER, '') });
    });
    const page = await context.newPage();
    for (const name of ['home', 'article', 'condition', 'practitioner', 'search-results', 'contact']) {
      await page.goto(site + pathOf(name));
      const [ground, ink, width] = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return [backgroundColor, color, document.documentElement.scrollWidth] as const;
      });
      const light = (colour: string): number => (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      assert.equal(light(ground) > light(ink), colorScheme === 'light', `${name}: ${ink} on ${ground}`);
      assert.ok(width <= 390, `${name} is ${width} px wide`);
    }
    await page.goto(site + pathOf('article'));
    const found = page.locator('.found').first();
    await found.locator('summary').click();
    assert.ok(await found.locator('p').first().isVisible());
    await context.close();
  });
}

const hash = (page: Page): string => decodeURIComponent(new URL(page.url()).hash.slice(1));

for (const javaScriptEnabled of [true, false]) {
  test(`by keyboard, ${javaScriptEnabled ? 'with' : 'without'} JavaScript: search, read, follow a citation and come back, reach the practitioner`, async () => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(site + pathOf('article'));
    const words = (await page.getByRole('heading', { level: 1 }).innerText()).split(/\W+/).slice(0, 4).join(' ');

    await page.goto(`${site}/`);
    await tabTo(page, 'header a[href="/search"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search');
    await tabTo(page, 'input[type="search"]');
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await tabTo(page, `main a[href="${pathOf('article')}"]`);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/articles/*');

    await tabTo(page, 'a[role="doc-noteref"]');
    const mark = await page.evaluate(() => document.activeElement?.id ?? '');
    await page.keyboard.press('Enter');
    assert.match(hash(page), /^ref-/);
    await tabTo(page, 'a[role="doc-backlink"]');
    await page.keyboard.press('Enter');
    assert.equal(hash(page), mark);

    await tabTo(page, '.byline a[href^="/practitioners/"]', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/practitioners/*');
    assert.ok((await page.getByRole('heading', { level: 1 }).innerText()).length > 3);
    await context.close();
  });
}
