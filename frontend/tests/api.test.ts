// The way to the API and back, against a small server that answers as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIContext } from 'astro';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { signer } from '../src/lib/signature';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let told: Answer = (_, response) => response.end();
const heard: IncomingMessage[] = [];
const server = createServer((request, response) => {
  heard.push(request);
  told(request, response);
});

const DATA = { clinic: { name: 'Example Clinic' } };
const answers = (body: unknown, headers: Record<string, string> = {}, status = 200): Answer => (request, response) => {
  const known = headers['ETag'] !== undefined && request.headers['if-none-match'] === headers['ETag'];
  response.writeHead(known ? 304 : status, { 'Content-Type': 'application/graphql-response+json', ...headers });
  response.end(known ? undefined : JSON.stringify(body));
};

const asker = (share: App.Locals['share'] = 'pages') => ({
  locals: { readerAddress: '203.0.113.9', stale: false, cacheTags: new Set<string>(), questions: [], heard: [], share, grounds: [] } as App.Locals,
});
const question = (id: string) => ({ kind: 'Document', definitions: [], documentId: `sha256:${id}` }) as never;

let api: typeof import('../src/lib/api');
/** A page is made of the answer, and stands. */
const read = async (...[reader, ...rest]: Parameters<typeof api.ask>): Promise<unknown> => {
  const answer = await api.ask(reader, ...rest);
  api.remember(reader.locals as App.Locals, 200);
  return answer;
};
let proxy: typeof import('../src/lib/proxy');

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('API_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('SECRET_KEY', 'a secret of at least thirty-two bytes');
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

beforeEach(async () => {
  heard.length = 0;
  vi.resetModules();
  api = await import('../src/lib/api');
  proxy = await import('../src/lib/proxy');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('a question', () => {
  test('goes out as a trusted document, signed for its reader, without what is null', async () => {
    told = answers({ data: DATA });
    await expect(api.ask(asker(), question('a'), { slug: 'x', after: null } as never)).resolves.toEqual(DATA);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.url).toBe('/graphql?documentId=sha256%3Aa&variables=%7B%22slug%22%3A%22x%22%7D');
    expect(heard[0]?.headers['meridian-site']).toMatch(/^t=\d+,ip=203\.0\.113\.9,v1=[0-9a-f]{64}$/);
    expect(heard[0]?.headers).not.toHaveProperty('authorization');
  });

  test('is asked again with the ETag, and an unchanged answer costs no body', async () => {
    told = answers({ data: DATA }, { ETag: '"1"', 'Cache-Tag': 'article:1,list:articles' });
    const [first, second] = [asker(), asker()];
    await read(first, question('b'), {});
    await expect(api.ask(second, question('b'), {})).resolves.toEqual(DATA);
    expect(heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
    expect([...second.locals.cacheTags]).toEqual(['article:1', 'list:articles', 'clinic']);
  });

  test('keeps its last good answer while the API fails, and says that it is old', async () => {
    told = answers({ data: DATA }, { ETag: '"1"' });
    await read(asker(), question('c'), {});
    told = answers({}, {}, 503);
    const reader = asker();
    await expect(api.ask(reader, question('c'), {})).resolves.toEqual(DATA);
    expect(reader.locals.stale).toBe(true);
  });

  test('that was never answered is “away”, not empty', async () => {
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('d'), {})).rejects.toBeInstanceOf(api.ApiAway);
    told = answers({ errors: [{ message: 'busy', extensions: { code: 'UNAVAILABLE' } }] });
    await expect(api.ask(asker(), question('d'), {})).rejects.toBeInstanceOf(api.ApiAway);
    told = (_, response) => response.end('<html>');
    await expect(api.ask(asker(), question('d'), {})).rejects.toBeInstanceOf(api.ApiAway);
  });

  test('after a broken connection the next reader need not wait', async () => {
    told = (request) => request.socket.destroy();
    await expect(api.ask(asker(), question('e'), {})).rejects.toBeInstanceOf(api.ApiAway);
    const before = heard.length;
    await expect(api.ask(asker(), question('e'), {})).rejects.toBeInstanceOf(api.ApiAway);
    expect(heard).toHaveLength(before);
  });

  test('that is refused carries the API’s code', async () => {
    told = answers({ errors: [{ message: 'no', extensions: { code: 'BAD_CURSOR' } }] });
    await expect(api.ask(asker(), question('f'), {})).rejects.toMatchObject({ name: 'ApiRefused', code: 'BAD_CURSOR' });
  });

  test('of a search is not remembered', async () => {
    told = answers({ data: DATA }, { ETag: '"1"' });
    await read(asker(), question('g'), {}, { remember: false });
    await read(asker(), question('g'), {}, { remember: false });
    expect(heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
  });

  test('is not remembered for a page that is none, nor for a choice that nobody offers', async () => {
    told = answers({ data: DATA }, { ETag: '"1"' });
    const [missing, unknown] = [asker(), asker(null)];
    await api.ask(missing, question('p'), { slug: 'a0' } as never);
    api.remember(missing.locals, 404);
    await read(unknown, question('p'), { filter: { condition: 'a0' } } as never);
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('p'), { slug: 'a0' } as never)).rejects.toBeInstanceOf(api.ApiAway);
    await expect(api.ask(asker(), question('p'), { filter: { condition: 'a0' } } as never)).rejects.toBeInstanceOf(api.ApiAway);
  });

  test('of what was taken down is remembered with its page, also where the answer is nothing', async () => {
    told = answers({ data: { ...DATA, article: null } }, { ETag: '"1"' });
    const gone = asker();
    await api.ask(gone, question('q'), {});
    api.remember(gone.locals, 410);
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('q'), {})).resolves.toMatchObject({ article: null });
  });

  test('outlives more lists, forms and missing pages than any memory holds', async () => {
    told = answers({ data: DATA }, { ETag: '"1"' });
    await read(asker(), question('home'), {});
    for (let number = 0; number < 520; number += 1) {
      const [list, form, missing] = [asker('lists'), asker('forms'), asker()];
      await read(list, question('r'), { after: String(number) } as never);
      await read(form, question('s'), { slug: String(number) } as never);
      await api.ask(missing, question('t'), { slug: String(number) } as never);
      api.remember(missing.locals, 404);
    }
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('home'), {})).resolves.toEqual(DATA);
    await expect(api.ask(asker(), question('r'), { after: '0' } as never)).rejects.toBeInstanceOf(api.ApiAway);
    await expect(api.ask(asker(), question('r'), { after: '519' } as never)).resolves.toEqual(DATA);
  }, 30_000); // 1,560 questions over HTTP

  test('that was confirmed for a kept page is as good as one that was asked again', async () => {
    told = answers({ data: DATA }, { ETag: '"1"' });
    const reader = asker();
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    await read(reader, question('u'), {});
    vi.setSystemTime(80_000_000);
    expect(await api.confirmed(reader.locals.questions, '203.0.113.9')).toBe(true);
    vi.setSystemTime(160_000_000);
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('u'), {})).resolves.toEqual(DATA);
    vi.useRealTimers();
  });
});

describe('a preview', () => {
  test('sends its token, and is neither remembered nor mixed up with what everybody sees', async () => {
    told = answers({ data: { clinic: { name: 'Draft' } } }, { ETag: '"draft"' });
    await api.ask(asker(), question('h'), {}, { token: 'mrp_abc' });
    expect(heard[0]?.headers['authorization']).toBe('Bearer mrp_abc');
    told = answers({ data: DATA }, { ETag: '"live"' });
    await expect(api.ask(asker(), question('h'), {})).resolves.toEqual(DATA);
    expect(heard[1]?.headers).not.toHaveProperty('if-none-match');
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('h'), {}, { token: 'mrp_abc' })).rejects.toBeInstanceOf(api.ApiAway);
  });
});

describe('a mutation', () => {
  const body = async (request: IncomingMessage): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return Buffer.concat(parts).toString();
  };

  test('goes out once by POST as a trusted document, with its token, signed over its body', async () => {
    let sent = '';
    told = (request, response) =>
      void body(request).then((text) => {
        sent = text;
        response.writeHead(200, { ETag: '"m"' }).end(JSON.stringify({ data: { done: true } }));
      });
    await expect(api.tell(asker(), question('m'), { input: { note: null } } as never, { token: 'mrr_abc' })).resolves.toEqual({ done: true });
    const [request] = heard;
    expect([heard.length, request?.method, request?.url]).toEqual([1, 'POST', '/graphql']);
    expect(request?.headers).toMatchObject({ authorization: 'Bearer mrr_abc', 'content-type': 'application/json' });
    expect(JSON.parse(sent)).toEqual({ documentId: 'sha256:m', variables: { input: { note: null } } });
    const { signer } = await import('../src/lib/signature');
    const [, seconds = '0'] = /^t=(\d+)/.exec(String(request?.headers['meridian-site'])) ?? [];
    const expected = signer('a secret of at least thirty-two bytes')(
      { method: 'POST', target: '/graphql', body: sent }, '203.0.113.9', new Date(Number(seconds) * 1000),
    );
    expect(request?.headers['meridian-site']).toBe(expected);
  });

  test('is not repeated, and is no answer to a later question', async () => {
    told = answers({ data: { first: true } }, { ETag: '"m"' });
    await api.tell(asker(), question('n'), {});
    told = answers({}, {}, 503);
    await expect(api.ask(asker(), question('n'), {})).rejects.toBeInstanceOf(api.ApiAway);
    await expect(api.tell(asker(), question('n'), {})).rejects.toBeInstanceOf(api.ApiAway);
    expect(heard).toHaveLength(3);
  });

  test('of a link that is used up is refused with the API’s code', async () => {
    told = answers({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }, {}, 401);
    await expect(api.tell(asker(), question('o'), {}, { token: 'mrr_x' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('what is handed through', () => {
  const context = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    ({
      request: new Request(`http://site.example${path}`, { headers, method }),
      url: new URL(decodeURI(decodeURI(`http://site.example${path}`))), // as Astro does, and `..` counts again
      locals: asker().locals,
    }) as unknown as APIContext;

  test('keeps the API’s ETag, encoding and bytes', async () => {
    told = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/atom+xml', ETag: '"f"', 'Content-Encoding': 'br', 'Set-Cookie': 'a=b', Server: 'api' });
      response.end('raw');
    };
    const response = await proxy.handThrough(context('/feeds/articles.atom?x=1', { 'accept-encoding': 'br', cookie: 'secret=1' }));
    expect(heard[0]?.url).toBe('/feeds/articles.atom?x=1');
    expect(heard[0]?.headers['accept-encoding']).toBe('br');
    expect(heard[0]?.headers).not.toHaveProperty('cookie');
    expect([response.headers.get('etag'), response.headers.get('content-encoding'), await response.text()]).toEqual(['"f"', 'br', 'raw']);
    expect(response.headers.has('set-cookie') || response.headers.has('server')).toBe(false);
  });

  test.each(['/media/%252e%252e/graphql', '/media/..%255Cgraphql', '/feeds/%252e%252e%252fgraphql', '/media/a%20b?c={d}'])(
    'hands on the very address that was asked for, and signs it: %s',
    async (path) => {
      told = answers({});
      await proxy.handThrough(context(path));
      const sent = { method: 'GET', target: String(heard[0]?.url), body: '' };
      expect(sent.target).toBe(path);
      const signature = String(heard[0]?.headers['meridian-site']);
      const moment = new Date(Number(/t=(\d+)/.exec(signature)?.[1]) * 1000);
      expect(signature).toBe(signer('a secret of at least thirty-two bytes')(sent, '203.0.113.9', moment));
    },
  );

  test('asks with the reader’s If-None-Match and says 304', async () => {
    told = answers('x', { ETag: '"m"' });
    const response = await proxy.handThrough(context('/media/a.webp', { 'if-none-match': '"m"' }));
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  test('a site that is led back to itself says so once a minute, and asks nobody', async () => {
    told = answers({});
    await proxy.handThrough(context('/embed.js'));
    const ours = { 'meridian-site': String(heard.pop()?.headers['meridian-site']) };
    vi.mocked(console.error).mockClear();
    for (let time = 0; time < 3; time += 1) expect((await proxy.handThrough(context('/embed.js', ours))).status).toBe(508);
    expect(heard).toEqual([]);
    expect(console.error).toHaveBeenCalledTimes(1);
  });

  test.each(['x', 't=1,ip=::1,v1=0', `t=1,ip=::1,v1=${'0'.repeat(64)}`, signer('another key')({ method: 'GET', target: '/embed.js', body: '' }, '::1', new Date())])(
    'a stranger who writes the site’s header is answered as anybody: %s',
    async (value) => {
      told = answers({});
      const response = await proxy.handThrough(context('/embed.js', { 'meridian-site': value }));
      expect([response.status, heard.length]).toEqual([200, 1]);
      expect(heard[0]?.headers['meridian-site']).not.toBe(value);
    },
  );

  test('a HEAD is a HEAD', async () => {
    told = (_, response) => response.writeHead(200, { 'Content-Length': '12345' }).end();
    const response = await proxy.handThrough(context('/media/a.webp', {}, 'HEAD'));
    expect([heard[0]?.method, response.headers.get('content-length')]).toEqual(['HEAD', '12345']);
  });

  test('says 503 and when to come back while the API is away', async () => {
    told = (request) => request.socket.destroy();
    const response = await proxy.handThrough(context('/media/a.webp'));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
  });
});
