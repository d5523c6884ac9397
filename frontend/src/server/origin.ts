// Forms behind TLS: Astro compares a form's origin with the address as this process sees it, which is plain http there.
import type { IncomingMessage } from 'node:http';

/** What comes from the site's public address is named as Astro sees that address; any other origin stays, and is refused. */
export function knowOurOrigin(request: IncomingMessage, publicSiteUrl: string): void {
  const { headers } = request;
  if (headers.origin === publicSiteUrl && headers.host) headers.origin = `http://${headers.host}`;
}
