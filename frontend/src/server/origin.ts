// Forms behind TLS: Astro compares a form's origin with the address as this process sees it, which is plain http there.
import type { IncomingMessage } from 'node:http';

/** What comes from the site's public address is named as Astro sees that address; any other origin stays, and is refused. */
export function knowOurOrigin(request: IncomingMessage, publicSiteUrl: string): void {
  const { headers } = request;
  if (headers.origin === publicSiteUrl && headers.host) headers.origin = `http://${headers.host}`;
}

/** What is only read is read at the public address: Astro would repeat whatever host somebody named in its redirects. */
export function knowOurHost(request: IncomingMessage, publicSiteUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') request.headers.host = new URL(publicSiteUrl).host;
}
