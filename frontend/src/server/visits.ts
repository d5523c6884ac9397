// Which requests are readers who may be counted: people who open an article, and have not asked to be left alone.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressOf } from './hot.ts';
import { isPerson, type Views } from './views.ts';

const ARTICLE = /^\/articles\/([^/?]{1,300})(?:\?|$)/;
/** What the names of articles' pages begin with; the rest is the slug (see addresses.ts). */
const ARTICLES = '/articles/';
const AHEAD = /prefetch|prerender|preview/i;

/** The slug that the request counts for, if it is answered with the article; null for everything else. */
export function visited({ method, url = '', headers }: IncomingMessage): string | null {
  const slug = method === 'GET' ? ARTICLE.exec(url)?.[1] : undefined;
  if (slug === undefined || slug.endsWith('.jsonld') || !mayCount(headers)) return null;
  return isPerson(headers['user-agent'] ?? '') ? decoded(slug) : null;
}

/** Whether the reader opened the page, and said nothing against being counted. */
function mayCount(headers: IncomingHttpHeaders): boolean {
  if (headers['sec-gpc'] === '1' || headers['dnt'] === '1') return false;
  const [purpose, old, preview, mozilla] = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  return (purpose ?? old ?? preview ?? mozilla) === undefined || !AHEAD.test(`${purpose} ${old} ${preview} ${mozilla}`);
}

function decoded(slug: string): string | null {
  try {
    return decodeURIComponent(slug);
  } catch {
    return null;
  }
}

export interface Counting {
  /** The page of that name was sent from memory; by far most are, so no event is waited for. */
  readonly sent: (name: string, request: IncomingMessage, status: number) => void;
  /** The request is about to be answered: it counts once the article has gone out. */
  readonly asked: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Counts the readers of articles. */
export function counting(views: Views, addressOf: AddressOf): Counting {
  return {
    sent: (name, request, status) => {
      if (status !== 200 || request.method !== 'GET' || !name.startsWith(ARTICLES) || !mayCount(request.headers)) return;
      views.note(name.slice(ARTICLES.length), addressOf(request), request.headers['user-agent'] ?? '', Date.now());
    },
    asked: (request, response) => {
      const slug = visited(request);
      if (slug === null) return;
      const [address, agent] = [addressOf(request), request.headers['user-agent'] ?? ''];
      response.once('finish', () => {
        if (response.statusCode === 200) views.note(slug, address, agent, Date.now());
      });
    },
  };
}
