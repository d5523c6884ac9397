// Which requests are readers who may be counted: people who open an article, and have not asked to be left alone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressOf } from './hot.ts';
import type { Views } from './views.ts';

const ARTICLE = /^\/articles\/([^/?]{1,300})(?:\?|$)/;
/** Programs name themselves in words like these; most give an address as well. */
const PROGRAMS = /bot|crawl|spider|slurp|preview|monitor|headless|lighthouse|archive|scrap|fetch|http|curl|wget|python|ruby|java\/|okhttp|feed|facebookexternalhit|whatsapp/i;

/** The slug that the request counts for, if it is answered with the article; null for everything else. */
export function visited({ method, url = '', headers }: IncomingMessage): string | null {
  const slug = method === 'GET' ? ARTICLE.exec(url)?.[1] : undefined;
  if (slug === undefined || slug.endsWith('.jsonld')) return null;
  if (headers['sec-gpc'] === '1' || headers['dnt'] === '1') return null;
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`;
  if (/prefetch|prerender|preview/i.test(purpose)) return null;
  const agent = headers['user-agent'] ?? '';
  return agent === '' || PROGRAMS.test(agent) ? null : decoded(slug);
}

function decoded(slug: string): string | null {
  try {
    return decodeURIComponent(slug);
  } catch {
    return null;
  }
}

/** Looks at a request before it is answered, and counts its reader when the answer was the article. */
export function counting(views: Views, addressOf: AddressOf): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const slug = visited(request);
    if (slug === null) return;
    const [address, agent] = [addressOf(request), request.headers['user-agent'] ?? ''];
    response.once('finish', () => {
      if (response.statusCode === 200) views.note(slug, address, agent, Date.now());
    });
  };
}
