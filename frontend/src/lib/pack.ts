// Makes a page small and revalidatable: an ETag over its bytes, 304 when the reader has them, br or gzip on the way.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = /^(?:text\/|application\/(?:json|xml|.*\+xml|.*\+json))/;
const WORTH_IT = 512;
const brotli = promisify(brotliCompress);
const zipped = promisify(gzip);

type Encoding = 'br' | 'gzip' | null;

export async function pack(request: Request, response: Response): Promise<Response> {
  const { headers, status } = response;
  const isText = TEXT.test(headers.get('content-type') ?? '');
  if (!isText || headers.has('etag') || headers.has('content-encoding') || status === 304) return response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const encoding = bytes.length < WORTH_IT ? null : chosen(request.headers.get('accept-encoding'));
  headers.append('Vary', 'Accept-Encoding');
  if (status === 200) {
    const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    headers.set('ETag', `"${etag}${encoding ? `-${encoding}` : ''}"`);
    if (holds(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers: without(headers) });
  }
  if (encoding) headers.set('Content-Encoding', encoding);
  const body = await compressed(bytes, encoding);
  headers.set('Content-Length', String(body.length));
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { status, headers });
}

/** The best encoding that the reader takes; "br;q=0" is a refusal. */
export function chosen(accepted: string | null): Encoding {
  const takes = (name: string): boolean =>
    (accepted ?? '').split(',').some((part) => {
      const [coding = '', ...rest] = part.trim().toLowerCase().split(';').map((piece) => piece.trim());
      return coding === name && !rest.some((piece) => /^q=0(?:\.0*)?$/.test(piece));
    });
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null;
}

async function compressed(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return encoding === 'gzip' ? zipped(bytes, { level: 6 }) : bytes;
}

/** Whichever encoding a cache kept: the page is the same. */
function holds(ifNoneMatch: string | null, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '').replace(/(?:-br|-gzip)?"$/, '"') === `"${etag}"`);
}

function without(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-type', 'content-length']) kept.delete(name);
  return kept;
}
