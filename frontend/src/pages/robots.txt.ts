// What robots may visit: everything that is meant for readers.
import { absolute } from '../lib/addresses';

export const GET = (): Response =>
  new Response(
    ['User-agent: *', 'Disallow: /preview/', 'Disallow: /review/', 'Disallow: /search', `Sitemap: ${absolute('/sitemap.xml')}`, ''].join('\n'),
    { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  );
