// Every kind of page, wide and narrow, light and dark: axe finds nothing, nothing sticks out, marks can be touched.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { launch, site } from '../browser.ts';
import { pages } from '../pages.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const visits = await pages();
let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const { name, path } of visits) {
  test(`axe finds nothing on ${name}`, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site + path);
    for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // No page has frames, so axe needs no second page beside it.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      assert.deepEqual(found, [], `${width} px, ${colorScheme}`);
    }
    await context.close();
  });

  test(`nothing sticks out of ${name} at 320 px, also with text at 200 %`, async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 800 } });
    await page.goto(site + path);
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok((await width()) <= 320, `${await width()} px wide`);
    await page.setViewportSize({ width: 640, height: 800 });
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    assert.ok((await width()) <= 640, 'text at 200 %');
    await page.close();
  });

  test(`${name} has one main heading and skips no level`, async () => {
    const page = await browser.newPage();
    await page.goto(site + path);
    const levels = await page.locator('h1, h2, h3, h4').evaluateAll((found) => found.map((one) => Number(one.tagName.slice(1))));
    await page.close();
    const inside = levels.filter((level) => level === 1);
    assert.equal(inside.length, 1);
    levels.reduce((before, level) => {
      assert.ok(level <= before + 1, `h${before} is followed by h${level}`);
      return level;
    }, 1);
  });
}

test('every mark can be touched: 24 px at least', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  await page.goto(site + (visits.find(({ name }) => name === 'article')?.path ?? '/'));
  const small = await page.locator('a[role="doc-noteref"], a[role="doc-backlink"]').evaluateAll((found) =>
    found
      .map((one) => one.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24)
      .map(({ width, height }) => `${width} × ${height}`),
  );
  await page.close();
  assert.deepEqual(small, []);
});

test('what stands beside the text on wide screens is folded under it on small ones', async () => {
  const path = visits.find(({ name }) => name === 'article')?.path ?? '/';
  const shown = async (width: number): Promise<[boolean, boolean]> => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(site + path);
    const both: [boolean, boolean] = [await page.locator('.note').first().isVisible(), await page.locator('.found').first().isVisible()];
    await page.close();
    return both;
  };
  assert.deepEqual([await shown(1280), await shown(390)], [[true, false], [false, true]]);
});
