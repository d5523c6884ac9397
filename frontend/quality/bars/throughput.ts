// How fast a kept page leaves the site, beside a bare Node server that sends the same bytes and headers: nine interleaved rounds, medians.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { site } from '../browser.ts';

const path = process.argv[2] ?? '/';
const ROUNDS = 9;
const SECONDS = Number(process.env['SECONDS'] ?? 1);
const CONNECTIONS = 16;
const BAR = 0.8;
/** As a reader's browser, so that an article's reader is counted, too. */
const headers = { 'Accept-Encoding': 'br', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

interface Measured {
  readonly perSecond: number;
  readonly p99: number;
}

async function load(origin: string): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + SECONDS * 1000;
  const times: number[] = [];
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const asked = request(origin + path, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${origin}${path} answered ${response.statusCode}`));
        response.resume().on('end', () => {
          times.push(performance.now() - began);
          resolve();
        });
      });
      asked.on('error', reject).end();
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) await one();
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / SECONDS, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

async function bareServer(): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('bare.ts', import.meta.url)), site + path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, origin: said.toString().trim() };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const { child, origin } = await bareServer();
try {
  const ours: Measured[] = [];
  const bare: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await load(origin));
    ours.push(await load(site));
  }
  const [a, b] = [median(ours.map(({ perSecond }) => perSecond)), median(bare.map(({ perSecond }) => perSecond))];
  console.log(`site ${a.toFixed(0)}/s (p99 ${median(ours.map(({ p99 }) => p99)).toFixed(1)} ms), bare Node ${b.toFixed(0)}/s (p99 ${median(bare.map(({ p99 }) => p99)).toFixed(1)} ms)`);
  console.log(`ratio ${(a / b).toFixed(2)}, bar ${BAR}`);
  process.exitCode = a / b >= BAR ? 0 : 1;
} finally {
  child.kill();
}
