// Pictures of every page at 390 and 1280 px, light and dark, into screenshots/; also of pages while the API is away, of
// what a form answers, of an article with all that folds open, and of what a printer gets.
// Extra paths may be given: `npm run screenshots -- /a /b`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.ts';
import type { Page } from 'playwright-core';
import { launch, site } from './browser.ts';
import { pages, type Visit } from './pages.ts';

const folder = fileURLToPath(new URL('screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });
const browser = await launch();
let count = 0;
/** Milliseconds that a form without a script's proof must have been open before it is sent. */
const BY_HAND = 15_500;
const PRINTED = ['article', 'condition', 'contact', 'withdrawn-for-safety'];

/** A visit after which somebody does something before the picture is taken. */
interface Act extends Visit {
  readonly act?: (page: Page) => Promise<void>;
  /** Whether it is done once for each width only: the site takes few forms an hour from anybody. */
  readonly isSparing?: boolean;
}

async function taken(from: string, visits: readonly Act[]): Promise<void> {
  for (const width of [390, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: false });
      const page = await context.newPage();
      for (const { name, path, act, isSparing } of visits) {
        if (isSparing && colorScheme === 'dark') continue;
        await page.goto(from + path, { waitUntil: 'networkidle' });
        await act?.(page);
        await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png`, fullPage: true });
        count += 1;
      }
      await context.close();
    }
  }
}

/** What pages become under the reader's hands. */
function acts(visits: readonly Visit[]): Act[] {
  const pathOf = (name: string): string => visits.find((visit) => visit.name === name)?.path ?? '';
  const send = (page: Page): Promise<void> => page.locator('main form button').first().click();
  const article = pathOf('article');
  const comment = pathOf('comment-form');
  const report = pathOf('problem-report');
  const filled = async (page: Page): Promise<void> => {
    await page.locator('[name="displayName"]').fill('A reader');
    await page.locator('[name="body"]').fill('Thank you.\n\nHow long does one session take?');
    await page.locator('[name="consent"]').check();
    await page.waitForTimeout(BY_HAND);
    await send(page);
  };
  const unfolded = (page: Page): Promise<void> =>
    page.evaluate(() => document.querySelectorAll('details').forEach((one) => void (one.open = true)));
  return [
    { name: 'article-unfolded', path: article, act: unfolded },
    { name: 'invitation-problems', path: pathOf('invitation'), act: send },
    { name: 'claim-problems', path: pathOf('claim'), act: send },
    ...(comment ? [{ name: 'comment-problems', path: comment, act: send }, { name: 'comment-sent', path: comment, act: filled, isSparing: true }] : []),
    ...(report ? [{ name: 'report-problems', path: report, act: send }] : []),
  ];
}

/** What a printer gets, as wide as its paper. */
async function printed(visits: readonly Visit[]): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 720, height: 1018 }, colorScheme: 'light', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.emulateMedia({ media: 'print' });
  for (const { name, path } of visits.filter((visit) => PRINTED.includes(visit.name))) {
    await page.goto(site + path, { waitUntil: 'networkidle' });
    await page.screenshot({ path: `${folder}${name}-print.png`, fullPage: true });
    count += 1;
  }
  await context.close();
}

/** A page that was seen before, and one that was not, while the API does not answer. */
async function takenWhileAway(): Promise<void> {
  const alone = await apart();
  try {
    await fetch(alone.url);
    await alone.cut();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await taken(alone.url, [{ name: 'stale', path: '/' }, { name: 'unavailable', path: '/articles' }]);
  } finally {
    await alone.end();
  }
}

const extra = process.argv.slice(2).map((path) => ({ name: path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start', path }));
if (extra.length > 0) await taken(site, extra);
else {
  const visits = await pages();
  await taken(site, [...visits, ...acts(visits)]);
  await printed(visits);
  await takenWhileAway();
}
await browser.close();
console.log(`${count} pictures in ${folder}`);
