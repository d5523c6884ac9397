// Who comes in at the site's door, and what every answer bears, whoever gives it.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { doorWith } from '../src/server/door';

let server: Server;
beforeAll(async () => {
  const mayEnter = doorWith({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' });
  server = createServer((asked, answer) => {
    if (mayEnter(asked, answer)) answer.writeHead(200, { 'referrer-policy': 'no-referrer' }).end('in');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
}

function ask(path: string, { method = 'GET', host = 'clinic.example' } = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, method, headers: { Host: host } }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    asked.on('error', reject).end();
  });
}

test.each(['/', '/search?q=a%0ab', '/articles/%C3%A9', '/post/a-b?x=%00'])('%s comes in', async (path) => {
  expect((await ask(path)).status).toBe(200);
});

test.each(['/%00', '/articles/a%0ab', '/a%0D%0Ax', '/a%7f', '*', 'http://evil.example/articles'])('%s does not', async (path) => {
  expect((await ask(path)).status).toBe(400);
});

test.each(['clinic.example:8080', 'localhost', '127.0.0.1:4321', '[::1]:4321', 'xn--bcher-kva.example'])('the host %s comes in', async (host) => {
  expect((await ask('/', { host })).status).toBe(200);
});

test.each(['user@evil.example', 'evil.example/x', 'a b', 'evil"', '[::1', 'evil.example:123456', '%00'])('the host “%s” does not', async (host) => {
  expect((await ask('/', { host })).status).toBe(400);
});

test.each(['TRACE', 'DELETE', 'PUT', 'OPTIONS', 'PROPFIND'])('%s is told what is allowed', async (method) => {
  const { status, headers } = await ask('/', { method });
  expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
});

test('every answer bears the headers, and a page may be stricter', async () => {
  const [page, refusal] = await Promise.all([ask('/'), ask('/%00')]);
  expect([page.headers['x-content-type-options'], page.headers['referrer-policy']]).toEqual(['nosniff', 'no-referrer']);
  expect([refusal.headers['x-content-type-options'], refusal.headers['referrer-policy']]).toEqual(['nosniff', 'same-origin']);
});
