// Whether this process lives; it says nothing about the API.
export const GET = (): Response =>
  new Response('ok\n', { headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } });
