// Serves the built files (styles, fonts, the icon) from memory, compressed once, with headers that never change.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

interface Asset {
  readonly headers: Readonly<Record<string, string>>;
  readonly plain: Buffer;
  readonly br: Buffer | null;
  readonly gzip: Buffer | null;
}

/** Answers and says true when the path is a built file; else leaves the request alone. */
export function assetsIn(folder: URL): (request: IncomingMessage, response: ServerResponse) => boolean {
  const assets = new Map(filesIn(folder).map((path) => [`/${path}`, load(new URL(path, folder), path)]));
  return (request, response) => {
    const asset = assets.get((request.url ?? '').split('?', 1)[0] ?? '');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!asset || !isRead) return false;
    send(asset, request, response);
    return true;
  };
}

function filesIn(folder: URL): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(decodeURIComponent(folder.pathname).length))
    .map((path) => path.replace(/^\/+/, ''));
}

function load(file: URL, path: string): Asset {
  const plain = readFileSync(file);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const isText = /text|svg/.test(type);
  return {
    plain,
    br: isText ? brotliCompressSync(plain) : null,
    gzip: isText ? gzipSync(plain, { level: 9 }) : null,
    headers: {
      'Content-Type': type,
      'Cache-Control': path.startsWith('_astro/') ? 'public, max-age=31536000, immutable' : 'public, max-age=86400',
      ETag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
      ...(isText ? { Vary: 'Accept-Encoding' } : {}),
    },
  };
}

function send(asset: Asset, request: IncomingMessage, response: ServerResponse): void {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = asset.br && /\bbr\b/.test(accepted) ? 'br' : asset.gzip && /\bgzip\b/.test(accepted) ? 'gzip' : 'plain';
  const body = asset[encoding] ?? asset.plain;
  const etag = encoding === 'plain' ? asset.headers['ETag'] : asset.headers['ETag']?.replace(/"$/, `-${encoding}"`);
  if (etag && String(request.headers['if-none-match'] ?? '').includes(etag)) {
    response.writeHead(304, { ...asset.headers, ETag: etag }).end();
    return;
  }
  const encoded = encoding === 'plain' ? {} : { 'Content-Encoding': encoding };
  response.writeHead(200, { ...asset.headers, ...encoded, ETag: etag, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
