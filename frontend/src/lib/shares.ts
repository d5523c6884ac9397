// Which share of the site's memories a page and its answers live in: what is without end never pushes out what is not.

/**
 * `pages`: the home page, articles and hubs. `lists`: a list filtered, ordered or turned to a later page. `forms`: what a
 * page with a form asks, which is shown anew to everybody. `past`: what moved or was taken down.
 */
export type Share = 'pages' | 'lists' | 'forms' | 'past';

const PAST = new Set([301, 410, 451]);

/** The share of a page with this status, chosen by the page; null when neither it nor its answers are kept. */
export function shareOf(status: number, chosen: Share | null): Share | null {
  if (PAST.has(status)) return 'past';
  return status === 200 ? chosen : null;
}

/** Entries by share: in each, what was read longest ago goes first, and only for what comes into the same share. */
export class Shares<Entry> {
  private readonly maps: Readonly<Record<Share, Map<string, Entry>>> = { pages: new Map(), lists: new Map(), forms: new Map(), past: new Map() };

  get size(): number {
    return this.all.reduce((sum, { size }) => sum + size, 0);
  }

  get(key: string): Entry | undefined {
    return this.holding(key)?.get(key);
  }

  /** Makes it the one that was read last. */
  touch(key: string): void {
    const map = this.holding(key);
    const entry = map?.get(key);
    if (!map || entry === undefined) return;
    map.delete(key);
    map.set(key, entry);
  }

  set(share: Share, key: string, entry: Entry): void {
    this.delete(key);
    this.maps[share].set(key, entry);
  }

  delete(key: string): boolean {
    return this.holding(key)?.delete(key) ?? false;
  }

  clear(): void {
    for (const map of this.all) map.clear();
  }

  /** What is in one share, the entry that was read longest ago first. */
  in(share: Share): ReadonlyMap<string, Entry> {
    return this.maps[share];
  }

  entries(): [string, Entry][] {
    return this.all.flatMap((map) => [...map]);
  }

  private get all(): readonly Map<string, Entry>[] {
    return Object.values(this.maps);
  }

  private holding(key: string): Map<string, Entry> | undefined {
    const { pages, lists, forms, past } = this.maps;
    if (pages.has(key)) return pages;
    return [lists, forms, past].find((map) => map.has(key));
  }
}
