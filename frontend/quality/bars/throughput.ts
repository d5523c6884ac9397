// How fast a kept page leaves the site, beside a bare Node server that sends the same bytes and headers: interleaved rounds, medians.
// By requests a second, and by the CPU of one, which says the same on a machine that others use as well.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { site } from '../browser.ts';
import { load } from './load.ts';
import { cpuOf, processAt } from './process.ts';

const path = process.argv[2] ?? '/';
const ROUNDS = 9;
const SECONDS = Number(process.env['SECONDS'] ?? 1);
const BAR = 0.8;
/** As a reader's browser, so that an article's reader is counted, too. */
const FIELDS = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en-GB,en;q=0.5',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
};

interface Measured {
  readonly perSecond: number;
  readonly p99: number;
  /** Microseconds of one request; NaN where that cannot be seen. */
  readonly cpu: number;
}

async function measured(origin: string): Promise<Measured> {
  const page = new URL(path, origin);
  const server = processAt(Number(page.port));
  const before = server === null ? NaN : cpuOf(server);
  const { perSecond, p99, requests } = await load(page, FIELDS, SECONDS);
  return { perSecond, p99, cpu: server === null ? NaN : (cpuOf(server) - before) / requests };
}

async function bareServer(): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('bare.ts', import.meta.url)), site + path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, origin: said.toString().trim() };
}

function median(rounds: readonly Measured[], figure: keyof Measured): number {
  return rounds.map((round) => round[figure]).sort((a, b) => a - b)[rounds.length >> 1] ?? NaN;
}

function told(name: string, rounds: readonly Measured[]): string {
  return `${name} ${median(rounds, 'perSecond').toFixed(0)}/s, p99 ${median(rounds, 'p99').toFixed(1)} ms, CPU ${median(rounds, 'cpu').toFixed(1)} µs`;
}

const { child, origin } = await bareServer();
try {
  const ours: Measured[] = [];
  const bare: Measured[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    bare.push(await measured(origin));
    ours.push(await measured(site));
  }
  // In the first round both programs are still being compiled.
  for (const rounds of [ours, bare]) rounds.shift();
  const byRate = median(ours, 'perSecond') / median(bare, 'perSecond');
  const byCpu = median(bare, 'cpu') / median(ours, 'cpu');
  console.log(`${told('site', ours)}\n${told('bare Node', bare)}`);
  console.log(`ratio ${byRate.toFixed(2)} by requests a second, ${byCpu.toFixed(2)} by CPU, bar ${BAR}`);
  // NaN passes no bar: what could not be seen was not measured.
  process.exitCode = !(byRate >= BAR) || !(byCpu >= BAR) ? 1 : 0;
} finally {
  child.kill();
}
