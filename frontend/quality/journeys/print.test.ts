// On paper a page is black on white, as wide as the paper, with its references and without what can only be pressed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, site } from '../browser.ts';
import { pages, type Visit } from '../pages.ts';

const PAPER = 720;

let browser: Browser;
let visits: Visit[];
before(async () => {
  browser = await launch();
  visits = await pages();
});
after(() => browser.close());

for (const colorScheme of ['light', 'dark'] as const) {
  test(`who reads in ${colorScheme} colours prints black on white, over the whole width, with the addresses of the sources`, async () => {
    const context = await browser.newContext({ viewport: { width: PAPER, height: 1018 }, colorScheme });
    const page = await context.newPage();
    await page.emulateMedia({ media: 'print', colorScheme });
    await page.goto(site + (visits.find(({ name }) => name === 'article')?.path ?? ''));
    const seen = await page.evaluate(() => {
      const styleOf = (selector: string, pseudo?: string): CSSStyleDeclaration => getComputedStyle(document.querySelector(selector)!, pseudo);
      return {
        colours: [styleOf('body').backgroundColor, styleOf('body').color, styleOf('main a').color],
        ground: styleOf('.care').backgroundColor,
        width: Math.round(document.querySelector('main p.lead')!.getBoundingClientRect().width),
        address: styleOf('.references a[href^="http"]', '::after').content,
      };
    });
    const [white, black] = ['rgb(255, 255, 255)', 'rgb(0, 0, 0)'];
    assert.deepEqual(seen.colours, [white, black, black]);
    assert.equal(seen.ground, white);
    assert.equal(seen.width, PAPER);
    assert.match(seen.address, /https:/);
    for (const hidden of ['header nav', '.toc', '.book', '.comments', 'footer nav']) {
      assert.ok((await page.locator(hidden).count()) > 0, `${hidden} is not there at all`);
      assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
    }
    await page.goto(`${site}/no/such/page`);
    assert.ok((await page.locator('.instead').count()) > 0);
    assert.equal(await page.locator('.instead').isVisible(), false);
    await context.close();
  });
}
