// What robots may visit: everything that is meant for readers.

export const GET = (): Response =>
  new Response(
    ['User-agent: *', 'Disallow: /preview/', 'Disallow: /review/', 'Disallow: /search', ''].join('\n'),
    { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  );
