// What robots may visit: everything but searches, which have no end. Private pages are not named: whoever may not read one never sees that it asks not to be listed.
import { absolute } from '../lib/addresses';

const CLOSED = ['/search'];

export const GET = (): Response =>
  new Response(
    ['User-agent: *', ...CLOSED.map((path) => `Disallow: ${path}`), `Sitemap: ${absolute('/sitemap.xml')}`, ''].join('\n'),
    { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  );
