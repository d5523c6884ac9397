// Starts the built site: files and kept pages from memory, new pages from Astro, an orderly end at SIGTERM.
import './src/server/ticks.ts';
import { createServer } from 'node:http';
import { answers } from './src/lib/answers.ts';
import { securityHeaders } from './src/lib/headers.ts';
import { readerAddress, trustedPeers } from './src/lib/reader.ts';
import { settings } from './src/lib/settings.ts';
import { assetsIn } from './src/server/assets.ts';
import { doorWith, isPlain } from './src/server/door.ts';
import { Hot, type AddressOf, type Render } from './src/server/hot.ts';
import { knowOurHost, knowOurOrigin } from './src/server/origin.ts';
import { Pages } from './src/server/pages.ts';
import { purging } from './src/server/purge.ts';
import { telling } from './src/server/telling.ts';
import { Views } from './src/server/views.ts';
import { counting } from './src/server/visits.ts';
import { watch } from './src/server/watching.ts';

const entry = new URL('./dist/server/entry.mjs', import.meta.url);
const { handler } = (await import(entry.href)) as { handler: (...given: unknown[]) => Promise<void> };

const security = securityHeaders(settings.publicSiteUrl.startsWith('https:'));
const trusted = trustedPeers(settings.trustedProxies);
const mayEnter = doorWith(security);
const serveAsset = assetsIn(new URL('./dist/client/', import.meta.url));

const render: Render = async (request, response, making) => {
  knowOurOrigin(request, settings.publicSiteUrl);
  knowOurHost(request, settings.publicSiteUrl);
  await handler(request, response, undefined, making ? { making } : {});
};
const pages = new Pages();
const addressOf: AddressOf = ({ socket, headers }) =>
  readerAddress(socket.remoteAddress ?? '', headers['x-forwarded-for']?.toString() ?? null, trusted);
const hot = new Hot(pages, security, render, addressOf);
const isPurge = purging(settings.secretKey, pages, answers);
watch(settings.apiUrl, pages);
// Without the secret the API would not listen: nobody is counted.
const views = settings.secretKey === '' ? null : new Views(telling(settings.apiUrl, settings.secretKey));
const count = views && counting(views, addressOf);
void views?.start(Date.now());

const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000 }, (request, response) => {
  const sent = isPlain(request) ? hot.serve(request, response) : null;
  if (sent !== null) return count?.sent(sent, request, response.statusCode);
  count?.asked(request, response);
  if (!mayEnter(request, response) || serveAsset(request, response) || isPurge(request, response)) return;
  hot.bring(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.maxRequestsPerSocket = 10_000;

server.listen(settings.port, settings.host, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : settings.port;
  console.log(`The site answers on http://${settings.host}:${port}`);
});

/** Takes no new readers, lets the present ones finish, tells who they were, and is gone after ten seconds at most. */
function stop(): void {
  server.close(() => void (views?.end(Date.now()) ?? Promise.resolve()).finally(() => process.exit(0)));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 10_000).unref();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
