// Hands an address of the site through to the API as a stream: pictures, feeds, the sitemap. ETags and encodings stay the API's.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { APIContext } from 'astro';
import { settings } from './settings';
import { type Call, isSigned, signer } from './signature';

const ASKED = ['accept', 'accept-encoding', 'authorization', 'if-none-match', 'if-modified-since', 'range', 'if-range'];
const ANSWERED = [
  'content-type', 'content-length', 'content-encoding', 'content-range', 'accept-ranges', 'etag', 'last-modified', 'cache-control',
  'cache-tag', 'vary', 'link', 'retry-after', 'location', 'content-disposition', 'access-control-allow-origin', 'access-control-expose-headers',
];
const PATIENCE = 5_000;
const MINUTE = 60_000;
/** Only a site sends it, and only to an API. */
const OURS = 'Meridian-Site';
const sign = settings.secretKey ? signer(settings.secretKey) : null;

export async function handThrough({ request, locals }: APIContext): Promise<Response> {
  // As it was asked for: Astro's own `url` is decoded until nothing is left to decode, and `%252e%252e` leads elsewhere.
  const { pathname, search } = new URL(request.url);
  const target = pathname + search;
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  const headers: Record<string, string> = {};
  for (const name of ASKED) headers[name] = request.headers.get(name) ?? '';
  for (const name of ASKED) if (headers[name] === '') delete headers[name];
  const call = { method, target, body: '' };
  if (isOurOwn(request, call)) {
    sayOfTheCircle(Date.now());
    return new Response(null, { status: 508 });
  }
  if (sign) headers[OURS] = sign(call, locals.readerAddress, new Date());
  try {
    return answered(await send(method, target, headers, request.signal), method);
  } catch (error) {
    console.error(`The API is away: ${error instanceof Error ? error.message : String(error)}`);
    return new Response(null, { status: 503, headers: { 'Retry-After': '10' } });
  }
}

/** Whether the site itself asks: only then the header is believed. */
const isOurOwn = ({ headers }: Request, call: Call): boolean => sign !== null && isSigned(sign, headers.get(OURS) ?? '', call);

let saidAt = -Infinity;

/** Once a minute is enough: each request of a reader comes back. */
function sayOfTheCircle(now: number): void {
  if (now < saidAt + MINUTE) return;
  saidAt = now;
  console.error('API_URL leads back to the site: it must be the address of an API itself.');
}

function send(method: string, target: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const start = settings.apiUrl.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = start(settings.apiUrl + target, { method, headers, signal, timeout: PATIENCE }, resolve);
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    asked.on('error', reject);
    asked.end();
  });
}

function answered(message: IncomingMessage, method: string): Response {
  const headers = new Headers({ 'Cross-Origin-Resource-Policy': 'cross-origin' });
  for (const name of ANSWERED) {
    const value = message.headers[name];
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const status = message.statusCode ?? 502;
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  if (!hasBody) message.resume();
  return new Response(hasBody ? (Readable.toWeb(message) as ReadableStream) : null, { status, headers });
}
