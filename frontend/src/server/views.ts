// Counts readers of articles without knowing anybody: a key for each under the day's salt, sent to the API, kept nowhere.
import { type KeyOf, keysUnder, written } from './keys.ts';

/** The day by which is counted, as the API gave it; `until` in milliseconds. */
export interface Day {
  readonly day: string;
  readonly salt: string;
  readonly until: number;
}

/** Readers of one article. */
export interface Seen {
  readonly slug: string;
  readonly keys: readonly string[];
}

/** Tells the API, and brings the day that it is. Throws when the API does not answer. */
export type Tell = (day: string | null, seen: readonly Seen[]) => Promise<Day>;

/** Programs name themselves in words like these; most give an address as well. */
const PROGRAMS = /bot|crawl|spider|slurp|preview|monitor|headless|lighthouse|archive|scrap|fetch|http|curl|wget|python|ruby|java\/|okhttp|feed|facebookexternalhit|whatsapp/i;

export const isPerson = (agent: string): boolean => agent !== '' && !PROGRAMS.test(agent);

export const EVERY = 10_000;
/** The API may start after the site: so long nobody is told that it does not answer, and it is asked often. */
export const START = 60_000;
const EVERY_AT_START = 1_000;
/** Addresses and browsers are held so many milliseconds, and so many readers of them at most; then only keys are. */
const SOON = 100;
const MOST_RECENT = 3 * 1_000;
/** What one call may hold. */
const MOST_AT_ONCE = 1_000;
/** The API reads 65,536 bytes; so much of them are slugs and keys. */
const MOST_CHARACTERS = 55_000;
const OF_A_KEY = 46;
const AROUND_A_SLUG = 30;
/** What is remembered while the API does not answer; further readers are not counted. */
const MOST = 20_000;

/** The readers of this process since it last told: a bounded set, all of one day. */
export class Views {
  private readonly tell: Tell;
  private day: Day | null = null;
  private keyOf: KeyOf | null = null;
  private readonly waiting = new Map<string, Set<string>>();
  private size = 0;
  /** Slug, address and browser of each reader of the last moment. */
  private recent: string[] = [];
  private settling: NodeJS.Timeout | null = null;
  private telling: Promise<void> | null = null;
  private isAway = false;
  /** Until when the API is thought to be starting; it no longer is once it has answered. */
  private starting = 0;

  constructor(tell: Tell) {
    this.tell = tell;
  }

  /** One reader of one article; nothing happens while the day's salt is not known. */
  note(slug: string, address: string, agent: string, now: number): void {
    if (!this.day || now >= this.day.until || this.size >= MOST) return;
    this.recent.push(slug, address, agent);
    if (this.recent.length >= MOST_RECENT) this.settle();
    else this.settling ??= setTimeout(() => this.settle(), SOON).unref();
  }

  /** Makes keys of the readers of the last moment, all at once: one by one beside an answer that costs several times as much. */
  private settle(): void {
    const recent = this.recent;
    this.recent = [];
    if (this.settling) clearTimeout(this.settling);
    this.settling = null;
    const seen = new Set<string>();
    for (let place = 0; place < recent.length; place += 3) {
      const [slug, address, agent] = [recent[place] ?? '', recent[place + 1] ?? '', recent[place + 2] ?? ''];
      const reader = `${slug}\n${address}\n${agent}`;
      if (!seen.has(reader) && isPerson(agent)) this.add(slug, address, agent);
      seen.add(reader);
    }
  }

  private add(slug: string, address: string, agent: string): void {
    if (!this.keyOf || this.size >= MOST) return;
    let keys = this.waiting.get(slug);
    if (!keys) this.waiting.set(slug, (keys = new Set<string>()));
    this.size -= keys.size;
    keys.add(this.keyOf(address, agent, slug));
    this.size += keys.size;
  }

  /** Sends what waits, and asks for the salt where the day is not known or over; one at a time, and never an error. */
  flush(now: number): Promise<void> {
    this.telling ??= this.send(now)
      .then(() => this.heard(), () => this.missed(now))
      .finally(() => (this.telling = null));
    return this.telling;
  }

  /** Sends what is left, also what came while another sending was under way. */
  async end(now: number): Promise<void> {
    await this.telling;
    await this.flush(now);
  }

  /** Flushes from now on, and once more when the day is over. */
  start(now: number): Promise<void> {
    this.starting = now + START;
    return this.go(now);
  }

  private async go(now: number): Promise<void> {
    await this.flush(now);
    const then = Date.now();
    const every = then < this.starting ? EVERY_AT_START : EVERY;
    const left = (this.day?.until ?? 0) - then;
    setTimeout(() => void this.go(Date.now()), left > 0 ? Math.min(left, every) : every).unref();
  }

  private async send(now: number): Promise<void> {
    this.settle();
    const { day } = this;
    let next: Day | null = null;
    while (day && this.size > 0) {
      const batch = this.batch();
      next = await this.tell(day.day, batch.map(({ slug, keys }) => ({ slug, keys: keys.map(written) })));
      this.forget(batch);
      // Whoever came meanwhile belongs to the day that is being told, not to the one that has begun.
      if (next.day !== day.day) this.settle();
    }
    if (next) this.begin(next);
    else if (!day || now >= day.until) this.begin(await this.tell(null, []));
  }

  /** Counts by this day from now on. */
  private begin(day: Day): void {
    this.settle();
    if (day.salt !== this.day?.salt) this.keyOf = keysUnder(day.salt);
    this.day = day;
  }

  /** As much of what waits as one call may hold. */
  private batch(): Seen[] {
    const batch: Seen[] = [];
    let [left, characters] = [MOST_AT_ONCE, MOST_CHARACTERS];
    for (const [slug, keys] of this.waiting) {
      characters -= slug.length + AROUND_A_SLUG;
      const many = Math.min(keys.size, left, Math.floor(characters / OF_A_KEY));
      if (many <= 0) break;
      batch.push({ slug, keys: [...keys].slice(0, many) });
      left -= many;
      characters -= many * OF_A_KEY;
    }
    return batch;
  }

  private forget(batch: readonly Seen[]): void {
    for (const { slug, keys } of batch) {
      const waiting = this.waiting.get(slug);
      for (const key of keys) if (waiting?.delete(key)) this.size -= 1;
      if (waiting?.size === 0) this.waiting.delete(slug);
    }
  }

  private heard(): void {
    this.isAway = false;
    this.starting = 0;
  }

  /** The counts wait for the next time, until their day is over: then they are lost. */
  private missed(now: number): void {
    if (now >= this.starting) {
      if (!this.isAway) console.error('Readers are not counted at present: the API does not take the counts.');
      this.isAway = true;
    }
    if (!this.day || now < this.day.until) return;
    this.recent = [];
    this.waiting.clear();
    this.size = 0;
    this.day = null;
  }
}
