// Notices within a second that the API is away: pages are then shown as copies, and say so, also where nothing changed.
import { connect } from 'node:net';
import type { Pages } from './pages.ts';

const EVERY = 500;
const PATIENCE = 1_000;

/** Knocks while pages are believed without asking; at other times every page asks by itself. */
export function watch(apiUrl: string, pages: Pages): void {
  const { hostname, port, protocol } = new URL(apiUrl);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  let isKnocking = false;
  setInterval(() => {
    if (isKnocking || !pages.isTold(Date.now())) return;
    isKnocking = true;
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: PATIENCE });
    const done = (isThere: boolean): void => {
      socket.destroy();
      isKnocking = false;
      pages.trust(isThere);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  }, EVERY).unref();
}
