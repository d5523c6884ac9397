// What an answer was made from, as cache tags: what the API names itself (`Cache-Tag`), and what can be read off the answer.

const KINDS: Readonly<Record<string, string>> = {
  art: 'article',
  cnd: 'condition',
  trt: 'treatment',
  prc: 'practitioner',
  src: 'source',
};
const ID = /^([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}$/;

/** Fields that answer with a list: it changes when something joins it, so it has a tag even when it is empty. */
const LISTS: Readonly<Record<string, string>> = {
  articles: 'articles',
  news: 'articles',
  related: 'articles',
  reviewed: 'articles',
  search: 'articles',
  conditions: 'conditions',
  treats: 'conditions',
  children: 'conditions',
  treatments: 'treatments',
  offers: 'treatments',
  practitioners: 'practitioners',
  statements: 'statements',
};

/** The tags of one answer to one question. */
export function tagsOf(variables: Readonly<Record<string, unknown>>, data: unknown, named: string | null): string[] {
  const tags = new Set((named ?? '').split(/[\s,]+/).filter(Boolean));
  asked(variables, tags);
  collect(data, tags);
  return [...tags];
}

/** An answer of nothing depends on what was asked for: when that appears, it counts no more. */
function asked({ by, slug, path }: Readonly<Record<string, unknown>>, tags: Set<string>): void {
  if (typeof path === 'string') tags.add(tag('route', path));
  if (typeof slug === 'string') tags.add(tag('slug', slug));
  const named = (by as { slug?: unknown } | undefined)?.slug;
  if (typeof named === 'string') tags.add(tag('article:slug', named));
}

function collect(value: unknown, tags: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, tags);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value)) {
    const list = LISTS[name];
    if (list) tags.add(`list:${list}`);
    if (name === 'clinic') tags.add('clinic');
    const kind = name === 'id' && typeof inner === 'string' ? KINDS[ID.exec(inner)?.[1] ?? ''] : undefined;
    if (kind) tags.add(`${kind}:${String(inner)}`);
    else collect(inner, tags);
  }
}

/** A tag travels in a header, between commas. */
const tag = (kind: string, name: string): string => `${kind}:${encodeURI(name).replaceAll(',', '%2C')}`;
