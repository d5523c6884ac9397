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

const TIMES = Number(process.env['TIMES'] ?? 5);
const BARS = { performance: 99, others: 100, paint: 1200 };
const PORT = 9222 + (process.pid % 500);
const folder = mkdtempSync(join(tmpdir(), 'meridian-measure-'));
const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-trailing-whitespace': 'off' } });
const jar = fileURLToPath(new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));
const hasJava = spawnSync('java', ['-version']).status === 0;

interface Row {
  readonly page: string;
  readonly scores: readonly number[];
  readonly paint: number;
  readonly shift: number;
  readonly invalid: number;
  readonly vnu: number | null;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function measured(path: string): Promise<Pick<Row, 'scores' | 'paint' | 'shift'>> {
  // The browser itself notes the status of a page that is meant to be missing.
  const skipAudits = (await fetch(site + path)).ok ? [] : ['errors-in-console'];
  const runs: NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr'][] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const result = await lighthouse(site + path, { port: PORT, logLevel: 'error', output: 'json', ignoreStatusCode: true, skipAudits });
    if (result) runs.push(result.lhr);
  }
  const score = (name: string): number => Math.round(100 * median(runs.map(({ categories }) => categories[name]?.score ?? 0)));
  const value = (name: string): number => median(runs.map(({ audits }) => audits[name]?.numericValue ?? 0));
  return {
    scores: ['performance', 'accessibility', 'best-practices', 'seo'].map(score),
    paint: value('largest-contentful-paint'),
    shift: value('cumulative-layout-shift'),
  };
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
try {
  while (!(await fetch(`http://127.0.0.1:${PORT}/json/version`).then(() => true, () => false))) await new Promise((resolve) => setTimeout(resolve, 200));
  const rows: Row[] = [];
  for (const { name, path } of visits) rows.push({ page: name, ...(await measured(path)), ...(await faults(name, path)) });
  console.log(`\n${'page'.padEnd(18)} perf a11y best  seo    LCP    CLS html vnu`);
  for (const { page, scores, paint, shift, invalid, vnu } of rows) {
    console.log(`${page.padEnd(18)} ${scores.map((one) => String(one).padStart(4)).join(' ')} ${paint.toFixed(0).padStart(6)} ${shift.toFixed(3).padStart(6)} ${String(invalid).padStart(4)} ${String(vnu ?? '–').padStart(3)}`);
  }
  const dead = only.length > 0 ? 0 : await deadLinks();
  console.log(`dead links: ${dead}`);
  // A page that is not to be indexed, or not there, cannot have every point for search engines.
  const failed = rows.filter(({ scores: [performance = 0, access, practice], paint, shift, invalid, vnu }) =>
    performance < BARS.performance || access !== BARS.others || practice !== BARS.others || paint > BARS.paint || shift > 0 || invalid > 0 || (vnu ?? 0) > 0);
  for (const { page } of failed) console.log(`misses a bar: ${page}`);
  process.exitCode = failed.length > 0 || dead > 0 ? 1 : 0;
} finally {
  chrome.kill();
}
