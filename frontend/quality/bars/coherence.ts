// Two site processes, 200 requests a second, while articles are published and withdrawn: no error, nothing new is seen late, nothing withdrawn
// is seen late. Needs SITE_URLS (two, by commas), API_URL and EDITOR_TOKEN; SECONDS (60), RATE (200) and FRONT, the one
// address that readers have, may be given.
import { Agent, request } from 'node:http';

const processes = (process.env['SITE_URLS'] ?? '').split(',').filter(Boolean);
const front = process.env['FRONT'];
/** Where changes are watched: at every process, and where readers come in. */
const sites = front ? [...processes, front] : processes;
const asked = front ? [front] : processes;
const api = process.env['API_URL'] ?? 'http://localhost:8000';
const token = process.env['EDITOR_TOKEN'] ?? '';
const SECONDS = Number(process.env['SECONDS'] ?? 60);
const RATE = Number(process.env['RATE'] ?? 200);
const LATEST = 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

interface Answer {
  readonly began: number;
  readonly status: number;
  readonly took: number;
}

function get(url: string): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve) => {
    const sending = request(url, { agent, headers: { 'Accept-Encoding': 'br' } }, (response) => {
      response.resume().on('end', () => resolve({ began, status: response.statusCode ?? 0, took: performance.now() - began }));
    });
    sending.on('error', () => resolve({ began, status: 0, took: performance.now() - began })).end();
  });
}

async function mutate(verb: string, input: object): Promise<Record<string, any>> {
  const name = verb.charAt(0).toUpperCase() + verb.slice(1);
  const query = `mutation ($input: ${name}Input!) { ${verb}(input: $input) { userErrors { code message } article { id version } } }`;
  const response = await fetch(`${api}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, any>; errors?: unknown };
  if (errors || data[verb].userErrors.length > 0) throw new Error(JSON.stringify(errors ?? data[verb].userErrors));
  return data[verb].article;
}

async function articles(): Promise<{ id: string; version: number; slug: string }[]> {
  const response = await fetch(`${api}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ articles(first: 20, filter: {kind: NEWS}) { nodes { id version slug isLive } } }' }),
  });
  return ((await response.json()) as { data: any }).data.articles.nodes.filter(({ isLive }: { isLive: boolean }) => isLive);
}

const paths = ['/', '/articles', '/conditions', '/treatments', '/practitioners', '/about', '/contact', '/conditions/neck-pain', '/treatments/acupuncture'];
const tooLate: string[] = [];
const delays: Record<'published' | 'withdrawn', number[]> = { published: [], withdrawn: [] };
const failures = new Map<number, number>();
const times: number[] = [];
let sent = 0;

async function flood(end: number): Promise<void> {
  const began = performance.now();
  const waiting: Promise<void>[] = [];
  while (performance.now() < end) {
    const due = Math.floor(((performance.now() - began) / 1000) * RATE);
    for (; sent < due; sent += 1) {
      const url = asked[sent % asked.length]! + paths[sent % paths.length]!;
      waiting.push(get(url).then(({ status, took }) => {
        times.push(took);
        if (status !== 200) failures.set(status, (failures.get(status) ?? 0) + 1);
      }));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(waiting);
}

/** Looks at every site every few milliseconds until all say what they should; tells how long after the answer the last wrong one was asked. */
async function watch(path: string, wanted: number, answered: number): Promise<number> {
  let last = 0;
  await Promise.all(
    sites.map(async (one) => {
      for (let right = 0; right < 10; ) {
        const { status, began } = await get(one + path);
        if (status === wanted) right += 1;
        else {
          right = 0;
          last = Math.max(last, began - answered);
          if (began - answered > 10_000) return;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }),
  );
  return last;
}

async function edit(end: number): Promise<void> {
  const [article] = await articles();
  if (!article) throw new Error('There is no news article to withdraw and publish.');
  const path = `/articles/${article.slug}`;
  let { version } = article;
  while (performance.now() < end) {
    ({ version } = await mutate('unpublishArticle', { id: article.id, expectedVersion: version, kind: 'WITHDRAWN', severity: 'ROUTINE', explanation: 'A test of the site.' }));
    const gone = await watch(path, 410, performance.now());
    ({ version } = await mutate('publishArticle', { id: article.id, expectedVersion: version }));
    const back = await watch(path, 200, performance.now());
    delays.withdrawn.push(gone);
    delays.published.push(back);
    if (gone > LATEST || back > LATEST) tooLate.push(`withdrawn ${gone.toFixed(0)} ms, published ${back.toFixed(0)} ms`);
  }
}

const end = performance.now() + SECONDS * 1000;
await Promise.all([flood(end), edit(end)]);
times.sort((a, b) => a - b);
const worst = (values: readonly number[]): string => Math.max(0, ...values).toFixed(0);
console.log(`${sent} requests in ${SECONDS} s, failures ${JSON.stringify([...failures])}, p50 ${times[times.length >> 1]?.toFixed(1)} ms, p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(1)} ms`);
console.log(`${delays.withdrawn.length} withdrawals, the latest sight ${worst(delays.withdrawn)} ms after the answer; ${delays.published.length} publications, the latest ${worst(delays.published)} ms; bar ${LATEST} ms`);
process.exitCode = failures.size > 0 || tooLate.length > 0 ? 1 : 0;
agent.destroy();
