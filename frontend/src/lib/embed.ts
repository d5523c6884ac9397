// The code by which another site shows an article: the API's script under the name of its very bytes, and its hash.
import { createHash } from 'node:crypto';
import { absolute, articlePath } from './addresses';
import { settings } from './settings';

export interface Script {
  readonly path: string;
  readonly integrity: string | null;
}

const KEPT_FOR = 60_000;
/** An API that has not said it is not asked again at once: pages wait for it. */
const NOT_SAID_FOR = 10_000;
const PATIENCE = 2_000;
const UNKNOWN: Script = { path: '/embed.js', integrity: null };
let known = UNKNOWN;
let askAgainAt = 0;
let asking: Promise<void> | null = null;

/** The script as it is now; without its hash while the API has not said what it is. */
export async function embedScript(): Promise<Script> {
  if (Date.now() >= askAgainAt) await (asking ??= ask().finally(() => (asking = null)));
  return known;
}

async function ask(): Promise<void> {
  let isSaid = false;
  try {
    const response = await fetch(new URL('/embed.js', settings.apiUrl), { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) known = named(Buffer.from(await response.arrayBuffer()));
    isSaid = response.ok;
  } catch {
    isSaid = false;
  }
  askAgainAt = Date.now() + (isSaid ? KEPT_FOR : NOT_SAID_FOR);
}

export function named(bytes: Buffer): Script {
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { path: `/embed.${name}.js`, integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}` };
}

/** What somebody pastes into a page; it stays a link where the script does not run. */
export function embedCode(script: Script, slug: string, title: string): string {
  const pinned = script.integrity ? ` integrity="${script.integrity}" crossorigin="anonymous"` : '';
  return [
    `<script async src="${absolute(script.path)}"${pinned}></script>`,
    `<meridian-article slug="${escaped(slug)}"><a href="${absolute(articlePath(slug))}">${escaped(title)}</a></meridian-article>`,
  ].join('\n');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
