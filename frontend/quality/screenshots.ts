// Pictures of every page at 390 and 1280 px, light and dark, into screenshots/. Extra paths may be given: `npm run screenshots -- /a /b`.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch, site } from './browser.ts';
import { pages } from './pages.ts';

const folder = fileURLToPath(new URL('screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });
const extra = process.argv.slice(2).map((path) => ({ name: path.replace(/[^a-z0-9]+/gi, '-').replace(/^-/, ''), path }));
const visits = extra.length > 0 ? extra : await pages();
const browser = await launch();
for (const width of [390, 1280]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: false });
    const page = await context.newPage();
    for (const { name, path } of visits) {
      await page.goto(site + path, { waitUntil: 'networkidle' });
      await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
console.log(`${visits.length * 4} pictures in ${folder}`);
