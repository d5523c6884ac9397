// Which addresses are pages that may be kept, and under which name: path and known parameters, whatever else was typed.

const PAGES = /^\/(?:(?:articles|conditions|treatments|practitioners)(?:\/[^/]{1,200})?|about|contact|partners|llms\.txt)?$/;
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '/articles': ['after', 'before', 'condition', 'order', 'treatment'],
  '/conditions': ['after'],
  '/treatments': ['after'],
  '/practitioners': ['after'],
};
const LONGEST = 600;

/** The one name of a page that may be kept; null for forms, private pages, files, and what no page expects. */
export function nameOf(url: string): string | null {
  if (url.length > 2_000) return null;
  const [path = '', search = ''] = url.split(/\?(.*)/s, 2);
  if (!PAGES.test(path) || path.endsWith('.jsonld')) return null;
  const known = KNOWN[path];
  if (!known || search === '') return path;
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of known) {
    const value = given.get(name);
    if (value) kept.set(name, value);
  }
  const name = kept.size === 0 ? path : `${path}?${kept}`;
  return name.length > LONGEST ? null : name;
}
