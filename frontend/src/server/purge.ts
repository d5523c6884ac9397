// `/_purge`: the worker tells which pages no longer hold. Only who has the secret is heard, and only soon after it was said.
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answers } from '../lib/answers.ts';
import type { Pages } from './pages.ts';

/** What the worker says. */
interface Word {
  readonly tags: readonly string[];
  /** Tags of what may not be shown any more, not even as a copy while the API is away. */
  readonly gone: readonly string[];
  /** True when the worker does not know what this process was told before. */
  readonly all: boolean;
  /** When the worker looked, in milliseconds; and how many it is from then to the next change that is due by the clock. */
  readonly at: number | null;
  readonly ahead: number | null;
}

const PATH = '/_purge';
const MOST_BYTES = 1_000_000;
const MOST_SECONDS = 60;
const SIGNED = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** Answers and says true when the request is a purge; without a secret there is nobody to believe. */
export function purging(secretKey: string, pages: Pages, answers: Answers): (request: IncomingMessage, response: ServerResponse) => boolean {
  const key = secretKey === '' ? null : Buffer.from(hkdfSync('sha256', secretKey, '', 'meridian/purge', 32));
  return (request, response) => {
    if ((request.url ?? '').split('?', 1)[0] !== PATH) return false;
    void listen(request).then((body) => {
      const word = key && body && isSigned(key, request, body) ? read(body) : null;
      if (!word) return end(response, 403, 'This is not signed as it should be.\n');
      answers.forget(new Set(word.gone));
      const dropped = word.all ? pages.flush() : pages.drop(new Set([...word.tags, ...word.gone]));
      if (word.at !== null) pages.told(word.at, word.ahead, Date.now());
      return end(response, 200, `${dropped}\n`);
    });
    return true;
  };
}

async function listen(request: IncomingMessage): Promise<Buffer | null> {
  if (request.method !== 'POST') return null;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > MOST_BYTES) return null;
      parts.push(part);
    }
  } catch {
    return null;
  }
  return Buffer.concat(parts);
}

function isSigned(key: Buffer, request: IncomingMessage, body: Buffer): boolean {
  const [, seconds = '', proof = ''] = SIGNED.exec(String(request.headers['meridian-purge'] ?? '')) ?? [];
  if (proof === '' || Math.abs(Date.now() / 1000 - Number(seconds)) > MOST_SECONDS) return false;
  const digest = createHash('sha256').update(body).digest('hex');
  const expected = createHmac('sha256', key).update(`${seconds}\n${digest}`).digest();
  return timingSafeEqual(expected, Buffer.from(proof, 'hex'));
}

function read(body: Buffer): Word | null {
  try {
    const said = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return {
      tags: texts(said['tags']),
      gone: texts(said['gone']),
      all: said['all'] === true,
      at: number(said['at']),
      ahead: number(said['ahead']),
    };
  } catch {
    return null;
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function end(response: ServerResponse, status: number, text: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', Connection: 'close' });
  response.end(text);
}
