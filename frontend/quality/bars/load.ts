// Asks for one page over kept connections as fast as it is answered, and reads no more of an answer than its status and its length.
import { connect } from 'node:net';

export interface Load {
  readonly perSecond: number;
  readonly requests: number;
  readonly p99: number;
}

const CONNECTIONS = 16;
const HEAD_END = '\r\n\r\n';

/** The fields are written as a browser would; every answer must be a 200 that says how long it is. */
export async function load(page: URL, fields: Readonly<Record<string, string>>, seconds: number): Promise<Load> {
  const lines = Object.entries({ Host: page.host, ...fields, Connection: 'keep-alive' }).map(([name, value]) => `${name}: ${value}`);
  const request = Buffer.from([`GET ${page.pathname}${page.search} HTTP/1.1`, ...lines].join('\r\n') + HEAD_END);
  const began = performance.now();
  const took: number[] = [];
  const end = began + seconds * 1_000;
  await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(page, request, end, took)));
  const elapsed = (performance.now() - began) / 1_000;
  took.sort((a, b) => a - b);
  return { perSecond: took.length / elapsed, requests: took.length, p99: took[Math.floor(took.length * 0.99)] ?? 0 };
}

/** One connection, until the end. */
function ask(page: URL, request: Buffer, end: number, took: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(page.port), page.hostname);
    let head = '';
    let missing = 0;
    let asked = 0;
    const next = (): void => {
      asked = performance.now();
      if (asked < end) socket.write(request);
      else socket.end(resolve);
    };
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${page} ended the connection before the time was up.`)));
    socket.on('data', (part: Buffer) => {
      if (missing === 0) {
        head += part.toString('latin1');
        const body = head.indexOf(HEAD_END) + HEAD_END.length;
        if (body < HEAD_END.length) return;
        const length = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
        if (length === undefined) return void socket.destroy(new Error(`${page} answered: ${head.slice(0, 200)}`));
        missing = Number(length) - (head.length - body);
        head = '';
      } else missing -= part.length;
      if (missing > 0) return;
      took.push(performance.now() - asked);
      next();
    });
  });
}
