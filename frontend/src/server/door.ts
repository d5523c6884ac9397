// The door of the site: the headers that every answer bears, and which requests come in at all.
import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = ['GET', 'HEAD', 'POST'];
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const CONTROL = /%(?:[01][\da-f]|7f)/i;

/** Dresses the answer, and turns away what no page expects: says whether the request may come in. */
export function doorWith(security: Readonly<Record<string, string>>): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    for (const [name, value] of Object.entries(security)) response.setHeader(name, value);
    const isKnown = METHODS.includes(request.method ?? '');
    if (isKnown && isPlain(request)) return true;
    if (!isKnown) response.setHeader('Allow', METHODS.join(', '));
    response.writeHead(isKnown ? 400 : 405, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(isKnown ? 'Bad request.\n' : 'This site is for reading.\n');
    return false;
  };
}

/** Of any other host or address Astro would make the home page, of a control character a page of its own. */
export function isPlain({ url = '', headers }: IncomingMessage): boolean {
  const [path = ''] = url.split('?', 1);
  return path.startsWith('/') && !CONTROL.test(path) && HOST.test(headers.host ?? '');
}
