// What robots may visit: everything that is meant for readers, nothing that is meant for one person.
import { absolute } from '../lib/addresses';

const CLOSED = ['/preview/', '/review/', '/comment/', '/invitation/', '/partners/claim/', '/search'];

export const GET = (): Response =>
  new Response(
    ['User-agent: *', ...CLOSED.map((path) => `Disallow: ${path}`), `Sitemap: ${absolute('/sitemap.xml')}`, ''].join('\n'),
    { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  );
