// Makes a page small and revalidatable: an ETag over its bytes, 304 when the reader has them, br or gzip on the way.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { chosen, holds, type Encoding } from '../server/encodings.ts';

const TEXT = /^(?:text\/|application\/(?:json|xml|.*\+xml|.*\+json))/;
const WORTH_IT = 512;
const brotli = promisify(brotliCompress);
const zipped = promisify(gzip);

export { chosen };

export async function pack(request: Request, response: Response): Promise<Response> {
  const { headers, status } = response;
  const isText = TEXT.test(headers.get('content-type') ?? '');
  if (!isText || headers.has('etag') || headers.has('content-encoding') || status === 304) return response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const encoding = bytes.length < WORTH_IT ? null : chosen(request.headers.get('accept-encoding'));
  headers.append('Vary', 'Accept-Encoding');
  if (status === 200) {
    const etag = etagOf(bytes);
    headers.set('ETag', `"${etag}${encoding ? `-${encoding}` : ''}"`);
    if (holds(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers: without(headers) });
  }
  if (encoding) headers.set('Content-Encoding', encoding);
  const body = await compressed(bytes, encoding);
  headers.set('Content-Length', String(body.length));
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { status, headers });
}

/** The bytes of a page in each encoding, and what they are known by. */
export async function packed(bytes: Buffer): Promise<{ etag: string; plain: Buffer; br: Buffer | null; gzip: Buffer | null }> {
  const isSmall = bytes.length < WORTH_IT;
  const [br, zip] = isSmall ? [null, null] : await Promise.all([compressed(bytes, 'br'), compressed(bytes, 'gzip')]);
  return { etag: etagOf(bytes), plain: bytes, br, gzip: zip };
}

const etagOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url').slice(0, 22);

async function compressed(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } });
  return encoding === 'gzip' ? zipped(bytes, { level: 9 }) : bytes;
}

function without(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-type', 'content-length']) kept.delete(name);
  return kept;
}
