// What the lists of the site can be asked for in their addresses; of anything else typed there nothing is kept or passed on.

export type Order = 'NEWEST' | 'RECENTLY_REVIEWED' | 'TITLE';

const ID = '[0-9a-hjkmnp-tv-z]{26}';
const CURSOR = /^[\w-]{1,1500}$/;
/** What the list shows when nothing is said is no choice: it has one address. */
const USUAL = 'NEWEST';
const SHAPES: Readonly<Record<string, RegExp>> = {
  condition: new RegExp(`^cnd_${ID}$`),
  treatment: new RegExp(`^trt_${ID}$`),
  order: /^(?:RECENTLY_REVIEWED|TITLE)$/,
  after: CURSOR,
  before: CURSOR,
};

/** The value of a parameter; null when it is missing, or nothing that the site could have written. */
export function choice(given: URLSearchParams, name: string): string | null {
  const value = given.get(name) ?? '';
  return value !== '' && SHAPES[name]?.test(value) ? value : null;
}

/** The order of the list of articles. */
export const orderIn = (given: URLSearchParams): Order => (choice(given, 'order') as Order | null) ?? USUAL;
