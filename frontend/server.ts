// Starts the built site: static files from memory, pages from Astro, an orderly end at SIGTERM.
import { createServer } from 'node:http';
import { assetsIn } from './src/server/assets.ts';
import { doorWith } from './src/server/door.ts';
import { knowOurOrigin } from './src/server/origin.ts';
import { securityHeaders } from './src/lib/headers.ts';
import { settings } from './src/lib/settings.ts';

process.env['ASTRO_NODE_AUTOSTART'] = 'disabled';
const entry = new URL('./dist/server/entry.mjs', import.meta.url);
const { handler } = (await import(entry.href)) as { handler: import('node:http').RequestListener };

const mayEnter = doorWith(securityHeaders(settings.publicSiteUrl.startsWith('https:')));
const serveAsset = assetsIn(new URL('./dist/client/', import.meta.url));

const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 65_000 }, (request, response) => {
  if (!mayEnter(request, response) || serveAsset(request, response)) return;
  knowOurOrigin(request, settings.publicSiteUrl);
  handler(request, response);
});
server.maxRequestsPerSocket = 10_000;

server.listen(settings.port, settings.host, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : settings.port;
  console.log(`The site answers on http://${settings.host}:${port}`);
});

/** Takes no new readers, lets the present ones finish, and is gone after ten seconds at most. */
function stop(): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 10_000).unref();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
