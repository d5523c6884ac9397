// The pages of this process, kept as bytes under their names and dropped by the tags of what they were made from.

import { type Share, Shares } from '../lib/shares.ts';

/** A page as readers get it: headers of its own, and its bytes plain and packed. */
export interface Page {
  readonly share: Share;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly etag: string | null;
  readonly plain: Buffer;
  readonly br: Buffer | null;
  readonly gzip: Buffer | null;
  /** Made while the API was away, from what was remembered. */
  readonly isStale: boolean;
  /** Asks the API, for a reader, whether everything that the page was made from still holds. */
  readonly confirm: (readerAddress: string) => Promise<boolean>;
}

export interface Kept {
  readonly page: Page;
  /** When the last question began whose answer the page agrees with. */
  confirmedAt: number;
}

/** What somebody holds who makes a page: when it began, and what had been dropped by then. */
export interface Ticket {
  readonly name: string;
  readonly since: number;
  readonly at: number;
}

/** How many pages, and how many bytes of them, each share holds. Pages with a form are never kept. */
const MOST: Readonly<Record<Share, number>> = { pages: 2_000, lists: 400, forms: 0, past: 400 };
const MOST_BYTES: Readonly<Record<Share, number>> = { pages: 104 * 2 ** 20, lists: 16 * 2 ** 20, forms: 0, past: 8 * 2 ** 20 };
const NOTHING: Readonly<Record<Share, number>> = { pages: 0, lists: 0, forms: 0, past: 0 };
const MOST_TAGS = 20_000;
/** Without word from the worker a page is believed this long; then the API is asked whether it still holds. */
const FRESH = 500;
/** With word from the worker; some things change with the calendar alone and nobody tells of them. */
const FRESH_WHILE_TOLD = 60_000;
/** Word from the worker covers this long a time from the moment at which it looked. */
const WORD = 600;
/** Clocks that differ by more than this make the worker's word worthless, and pages are confirmed by asking. */
const SKEW = 200;

/** A bounded memory of pages by shares; of a share what was read longest ago goes first. */
export class Pages {
  private readonly kept = new Shares<Kept>();
  private readonly bytes: Record<Share, number> = { ...NOTHING };
  private drops = 0;
  private flushedAt = 0;
  private readonly dropped = new Map<string, number>();
  private toldUntil = 0;
  private due = Infinity;
  private isApiThere = true;

  get size(): number {
    return this.kept.size;
  }

  /** The page, if nothing can have changed since it was confirmed. */
  fresh(name: string, now: number): Page | undefined {
    const found = this.kept.get(name);
    if (!found) return undefined;
    if (now >= this.due && found.confirmedAt < this.due) return undefined;
    const limit = now < this.toldUntil && this.isApiThere && !found.page.isStale ? FRESH_WHILE_TOLD : FRESH;
    return now - found.confirmedAt < limit ? found.page : undefined;
  }

  /** The page, however old. */
  find(name: string): Kept | undefined {
    const found = this.kept.get(name);
    if (!found) return undefined;
    this.kept.touch(name);
    return found;
  }

  ticket(name: string, now: number): Ticket {
    return { name, since: this.drops, at: now };
  }

  /** Keeps a page unless something that it was made from was dropped while it was made. */
  keep({ name, since, at }: Ticket, page: Page): boolean {
    if (since < this.flushedAt || page.tags.some((tag) => (this.dropped.get(tag) ?? 0) > since)) return false;
    this.remove(name);
    const { share } = page;
    const here = this.kept.in(share);
    this.kept.set(share, name, { page, confirmedAt: at });
    this.bytes[share] += weight(page);
    for (const oldest of here.keys()) {
      if (here.size <= MOST[share] && this.bytes[share] <= MOST_BYTES[share]) break;
      this.remove(oldest);
    }
    return true;
  }

  /** The API said that the page still holds; true unless it was dropped in the meantime. */
  confirm({ name, at }: Ticket, kept: Kept): boolean {
    if (this.kept.get(name) !== kept) return false;
    kept.confirmedAt = at;
    return true;
  }

  remove(name: string): void {
    const found = this.kept.get(name);
    if (!found) return;
    this.kept.delete(name);
    this.bytes[found.page.share] -= weight(found.page);
  }

  /** Drops every page that was made from one of these; counts them. */
  drop(tags: ReadonlySet<string>): number {
    if (tags.size === 0) return 0;
    this.drops += 1;
    for (const tag of tags) this.dropped.set(tag, this.drops);
    if (this.dropped.size > MOST_TAGS) return this.flush();
    const stale = this.kept.entries().filter(([, { page }]) => page.tags.some((tag) => tags.has(tag)));
    for (const [name] of stale) this.remove(name);
    return stale.length;
  }

  flush(): number {
    const { size } = this.kept;
    this.drops += 1;
    this.flushedAt = this.drops;
    this.dropped.clear();
    this.kept.clear();
    Object.assign(this.bytes, NOTHING);
    return size;
  }

  /**
   * The worker has told of every change up to `at`, and the next one that is due by the clock lies `ahead` milliseconds on.
   * Pages are believed for a moment from then; when word stops coming, they are confirmed by asking.
   */
  told(at: number, ahead: number | null, now: number): void {
    if (at > now + SKEW || at < now - WORD) return;
    this.due = ahead === null ? Infinity : at + ahead;
    this.toldUntil = Math.min(at + WORD, this.due);
  }

  /** Whether pages are believed on the worker's word at present. */
  isTold(now: number): boolean {
    return now < this.toldUntil;
  }

  /** While the API does not answer every page is confirmed by asking, which fails and says so to its reader. */
  trust(isApiThere: boolean): void {
    this.isApiThere = isApiThere;
  }
}

const weight = ({ plain, br, gzip }: Page): number => plain.length + (br?.length ?? 0) + (gzip?.length ?? 0) + 2_000;
