// Hands a finished page to the memory of pages: only what everybody may see, and what can be found again by its tags.
import type { Making } from '../server/hot.ts';
import { confirmed } from './api';
import { packed } from './pack';
import { shareOf } from './shares';

const OWN = ['content-type', 'cache-control', 'cache-tag', 'location', 'retry-after', 'content-security-policy', 'x-robots-tag'];

/** Keeps a copy of the page as it is about to leave; returns the page itself. */
export async function keep(response: Response, locals: App.Locals, making: Making | undefined): Promise<Response> {
  const share = shareOf(response.status, locals.share);
  if (!making || share === null || !isLasting(response, locals)) return response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const { etag, ...bodies } = await packed(bytes);
  const { questions, grounds, stale } = locals;
  making.keep({
    share,
    status: response.status,
    headers: ownHeaders(response.headers, stale),
    tags: [...locals.cacheTags],
    etag: response.status === 200 && !stale ? etag : null,
    ...bodies,
    isStale: stale,
    confirm: async (readerAddress) => !stale && (await hold(grounds)) && confirmed(questions, readerAddress),
  });
  return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), response);
}

async function hold(grounds: App.Locals['grounds']): Promise<boolean> {
  return (await Promise.all(grounds.map((still) => still()))).every(Boolean);
}

function isLasting({ headers }: Response, { cacheTags, stale }: App.Locals): boolean {
  const isPublic = stale || (headers.get('cache-control') ?? '').startsWith('public');
  return isPublic && !headers.has('set-cookie') && cacheTags.size > 0;
}

function ownHeaders(headers: Headers, stale: boolean): Record<string, string> {
  const own = Object.fromEntries(OWN.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])));
  return { ...own, vary: 'Accept-Encoding', 'meridian-cache': stale ? 'stale' : 'hit' };
}
