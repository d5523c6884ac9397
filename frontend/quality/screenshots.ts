// Pictures of every page at 390 and 1280 px, light and dark, into screenshots/; also of pages while the API is away.
// Extra paths may be given: `npm run screenshots -- /a /b`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.ts';
import { launch, site } from './browser.ts';
import { pages, type Visit } from './pages.ts';

const folder = fileURLToPath(new URL('screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });
const browser = await launch();
let count = 0;

async function taken(from: string, visits: readonly Visit[]): Promise<void> {
  for (const width of [390, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: false });
      const page = await context.newPage();
      for (const { name, path } of visits) {
        await page.goto(from + path, { waitUntil: 'networkidle' });
        await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png`, fullPage: true });
        count += 1;
      }
      await context.close();
    }
  }
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
  await taken(site, await pages());
  await takenWhileAway();
}
await browser.close();
console.log(`${count} pictures in ${folder}`);
