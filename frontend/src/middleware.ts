// Around every page: who asks, what to say when the API is away, how long an answer may be kept.
import { defineMiddleware } from 'astro:middleware';
import type { APIContext } from 'astro';
import { ApiAway, ApiRefused, remember } from './lib/api';
import { keep } from './lib/keeping';
import { pack } from './lib/pack';
import { readerAddress, trustedPeers } from './lib/reader';
import { settings } from './lib/settings';

const trusted = trustedPeers(settings.trustedProxies);

export const onRequest = defineMiddleware(async (context, next) => {
  const { locals, request } = context;
  const isRewritten = locals.cacheTags !== undefined;
  if (isRewritten) return next();
  locals.readerAddress = readerAddress(context.clientAddress, request.headers.get('x-forwarded-for'), trusted);
  locals.stale = false;
  locals.cacheTags = new Set();
  locals.questions = [];
  locals.heard = [];
  locals.share = 'pages';
  locals.grounds = [];
  const packed = async (response: Response): Promise<Response> => {
    remember(locals, response.status);
    return pack(request, await keep(dressed(response, context), locals, locals.making));
  };
  try {
    return await packed(await next());
  } catch (error) {
    return packed(await instead(context, error));
  }
});

/** What a reader gets when a page could not be made, also when it broke half-way. */
async function instead(context: APIContext, error: unknown): Promise<Response> {
  if (error instanceof ApiAway) return context.rewrite('/503');
  if (error instanceof ApiRefused && error.code === 'NOT_FOUND') return context.rewrite('/setup');
  if (error instanceof ApiRefused && context.url.search) return context.redirect(context.url.pathname, 302);
  console.error(error);
  return context.rewrite('/500');
}

function dressed(response: Response, { locals }: APIContext): Response {
  const headers = new Headers(response.headers);
  if (headers.get('content-type') === 'text/html') headers.set('Content-Type', 'text/html; charset=utf-8');
  if (!headers.has('cache-control')) headers.set('Cache-Control', freshness(response.status, locals.stale));
  // What nobody may keep, nobody need drop: the tags of a draft are nobody's business.
  const isPublic = headers.get('cache-control')?.startsWith('public');
  if (isPublic && locals.cacheTags.size > 0) headers.set('Cache-Tag', [...locals.cacheTags].join(','));
  if (locals.stale) headers.set('Meridian-Cache', 'stale');
  return new Response(response.body, { status: response.status, headers });
}

/** Everybody may keep a page, nobody may show it without asking: a withdrawal counts at once. */
function freshness(status: number, isStale: boolean): string {
  return isStale || status >= 500 ? 'no-store' : 'public, max-age=0, must-revalidate';
}
