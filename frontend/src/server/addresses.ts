// Which addresses are pages that may be kept, and under which name: path and known parameters, whatever else was typed.
import { choice } from '../lib/choices.ts';

const PAGES = /^\/(?:(?:articles|conditions|treatments|practitioners)(?:\/[a-z0-9-]{1,160})?|about|contact|partners|llms\.txt)?$/;
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '/articles': ['before', 'after', 'condition', 'order', 'treatment'],
  '/conditions': ['after'],
  '/treatments': ['after'],
  '/practitioners': ['after'],
};
const LONGEST = 600;
export const LONGEST_URL = 2_000;

/** The one name of a page that may be kept; null for forms, private pages, files, and what no page expects. */
export function nameOf(url: string): string | null {
  if (url.length > LONGEST_URL) return null;
  const [path = '', search = ''] = url.split(/\?(.*)/s, 2);
  if (!PAGES.test(path)) return null;
  const known = KNOWN[path];
  if (!known || search === '') return path;
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of known) {
    const value = choice(given, name);
    // A list is turned one way: what would be ignored makes no name.
    if (value !== null && !(name === 'after' && kept.has('before'))) kept.set(name, value);
  }
  const name = kept.size === 0 ? path : `${path}?${kept}`;
  return name.length > LONGEST ? null : name;
}
