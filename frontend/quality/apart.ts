// A site process of its own, whose way to the API can be cut and mended: what readers see while the API is away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const api = new URL(process.env['API_URL'] ?? 'http://localhost:8000');
const program = fileURLToPath(new URL('../server.ts', import.meta.url));

/** The head of a request comes in one piece over loopback. */
const REQUEST = /^(?:GET|POST) (\S+) HTTP\/1\.1\r$/gm;

export interface Apart {
  readonly url: string;
  /** What this site has asked the API for until now: the target of each request. */
  readonly asked: () => readonly string[];
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export async function apart(): Promise<Apart> {
  const way = await relay();
  const given = { API_URL: `http://127.0.0.1:${way.port}`, HOST: '127.0.0.1', PORT: String(await freePort()), SECRET_KEY: '', TRUSTED_PROXIES: '' };
  const url = `http://127.0.0.1:${given.PORT}`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    env: { ...process.env, ...given, PUBLIC_SITE_URL: url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const end = async (): Promise<void> => {
    child.kill();
    await Promise.all([once(child, 'exit'), way.cut()]);
  };
  return { url, asked: way.asked, cut: way.cut, mend: way.mend, end };
}

interface Relay extends Pick<Apart, 'asked' | 'cut' | 'mend'> {
  readonly port: number;
}

async function relay(): Promise<Relay> {
  const open = new Set<Socket>();
  const targets: string[] = [];
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect(Number(api.port) || 80, api.hostname);
    keep(near);
    keep(far);
    near.on('data', (part: Buffer) => targets.push(...[...part.toString('latin1').matchAll(REQUEST)].map(([, target = '']) => target)));
    near.pipe(far).pipe(near);
  });
  const port = await listening(server, 0);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { port, asked: () => targets, cut, mend: async () => void (await listening(server, port)) };
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const trial = createServer();
  const port = await listening(trial, 0);
  trial.close();
  await once(trial, 'close');
  return port;
}
