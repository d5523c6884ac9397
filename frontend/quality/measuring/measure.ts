// Every kind of page of the running site through Lighthouse (median of several, mobile), html-validate, vnu (with Java) and linkinator: one table.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HtmlValidate } from 'html-validate';
import lighthouse from 'lighthouse';
import { LinkChecker } from 'linkinator';
import { executable, site } from '../browser.ts';
import { pages } from '../pages.ts';
import { type Answer, closes, EXCEPTED, type Nature, natureOf, wrongWith } from './natures.ts';

const TIMES = Number(process.env['TIMES'] ?? 5);
const BARS = { performance: 99, others: 100, paint: 1200 };
const PORT = 9222 + (process.pid % 500);
const folder = mkdtempSync(join(tmpdir(), 'meridian-measure-'));
const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-trailing-whitespace': 'off' } });
const jar = fileURLToPath(new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));
const hasJava = spawnSync('java', ['-version']).status === 0;

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr'];

interface Row {
  readonly page: string;
  readonly scores: readonly number[];
  readonly paint: number;
  readonly shift: number;
  /** Why some audits were left out. */
  readonly nature: readonly Nature[];
  /** What is not as expected of the answer itself. */
  readonly wrong: readonly string[];
  readonly invalid: number;
  readonly vnu: number | null;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** One visit with an empty cache; the categories and audits that are asked. */
async function visit(path: string, onlyCategories: string[], skipAudits: string[]): Promise<Report> {
  const result = await lighthouse(site + path, { port: PORT, logLevel: 'error', output: 'json', ignoreStatusCode: true, disableFullPageScreenshot: true, onlyCategories, skipAudits });
  if (!result) throw new Error(`Lighthouse said nothing about ${path}.`);
  return result.lhr;
}

/** What depends on the moment is measured several times, what depends on the markup alone once. */
async function measured(name: string, path: string): Promise<Pick<Row, 'scores' | 'paint' | 'shift' | 'nature' | 'wrong'>> {
  const answer = await answered(path);
  const nature = natureOf(name, answer);
  const runs: Report[] = [];
  for (let time = 0; time < TIMES; time += 1) runs.push(await visit(path, ['performance'], []));
  const { categories } = await visit(path, ['accessibility', 'best-practices', 'seo'], nature.flatMap((one) => [...EXCEPTED[one]]));
  const points = (score: number | null | undefined): number => Math.round(100 * (score ?? 0));
  const value = (audit: string): number => median(runs.map(({ audits }) => audits[audit]?.numericValue ?? 0));
  return {
    scores: [median(runs.map((run) => points(run.categories['performance']?.score))), ...['accessibility', 'best-practices', 'seo'].map((one) => points(categories[one]?.score))],
    paint: value('largest-contentful-paint'),
    shift: value('cumulative-layout-shift'),
    nature,
    wrong: wrongWith(name, answer),
  };
}

async function answered(path: string): Promise<Answer> {
  const [page, robots] = await Promise.all([fetch(site + path), fetch(`${site}/robots.txt`)]);
  return { status: page.status, robotsTag: page.headers.get('x-robots-tag'), html: await page.text(), isClosed: closes(await robots.text(), path) };
}

async function faults(name: string, path: string): Promise<Pick<Row, 'invalid' | 'vnu'>> {
  const html = await (await fetch(site + path)).text();
  const report = await validator.validateString(html);
  for (const { ruleId, message, line } of report.results.flatMap(({ messages }) => messages)) console.log(`  ${name}: ${ruleId} ${message} (line ${line})`);
  return { invalid: report.errorCount, vnu: hasJava ? nu(name, html) : null };
}

function nu(name: string, html: string): number {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  const { stderr } = spawnSync('java', ['-jar', jar, '--errors-only', '--format', 'json', file], { encoding: 'utf8' });
  const { messages } = JSON.parse(stderr || '{"messages":[]}') as { messages: { message: string }[] };
  for (const { message } of messages) console.log(`  ${name}: vnu ${message}`);
  return messages.length;
}

async function deadLinks(): Promise<number> {
  const outside = (link: string): boolean => !link.startsWith(site);
  const { links } = await new LinkChecker().check({ path: `${site}/`, recurse: true, concurrency: 4, linksToSkip: async (link: string) => outside(link) });
  const dead = links.filter(({ state }) => state === 'BROKEN');
  for (const { url, parent } of dead) console.log(`  dead: ${parent} → ${url}`);
  return dead.length;
}

const only = process.argv.slice(2);
const visits = (await pages()).filter(({ name }) => only.length === 0 || only.includes(name));
const chrome = spawn(await executable(), ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', `--remote-debugging-port=${PORT}`, `--user-data-dir=${folder}/chrome`, 'about:blank'], { stdio: 'ignore' });
const began = performance.now();
try {
  while (!(await fetch(`http://127.0.0.1:${PORT}/json/version`).then(() => true, () => false))) await new Promise((resolve) => setTimeout(resolve, 200));
  const rows: Row[] = [];
  for (const { name, path } of visits) rows.push({ page: name, ...(await measured(name, path)), ...(await faults(name, path)) });
  console.log(`\n${'page'.padEnd(24)} perf a11y best  seo    LCP    CLS html vnu`);
  for (const { page, scores, paint, shift, nature, invalid, vnu } of rows) {
    const without = nature.length > 0 ? `  by nature: ${nature.join(', ')}` : '';
    console.log(`${page.padEnd(24)} ${scores.map((one) => String(one).padStart(4)).join(' ')} ${paint.toFixed(0).padStart(6)} ${shift.toFixed(3).padStart(6)} ${String(invalid).padStart(4)} ${String(vnu ?? '–').padStart(3)}${without}`);
  }
  const dead = only.length > 0 ? 0 : await deadLinks();
  console.log(`dead links: ${dead}; ${visits.length} pages, each ${TIMES} times, in ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  const failed = rows.filter(({ scores: [performance = 0, ...others], paint, shift, invalid, vnu, wrong }) =>
    wrong.length > 0 || performance < BARS.performance || others.some((score) => score !== BARS.others) || paint > BARS.paint || shift > 0 || invalid > 0 || (vnu ?? 0) > 0);
  for (const { page, wrong } of failed) console.log(`misses a bar: ${[page, ...wrong].join(', ')}`);
  process.exitCode = failed.length > 0 || dead > 0 ? 1 : 0;
} finally {
  chrome.kill();
}
