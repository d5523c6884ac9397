// Counts readers of articles without knowing anybody: a key for each under the day's salt, sent to the API, kept nowhere.
import { createHmac } from 'node:crypto';

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

export const EVERY = 10_000;
/** What one call may hold. */
const MOST_AT_ONCE = 1_000;
/** What is remembered while the API does not answer; further readers are not counted. */
const MOST = 20_000;
const KEY_BYTES = 16;

/** 22 characters that tell two readers of a day apart, and nothing else once the salt is gone. */
export function keyOf(salt: string, address: string, agent: string, slug: string): string {
  return createHmac('sha256', salt).update(`${address}\n${agent}\n${slug}`).digest().subarray(0, KEY_BYTES).toString('base64url');
}

/** The readers of this process since it last told: a bounded set, all of one day. */
export class Views {
  private readonly tell: Tell;
  private day: Day | null = null;
  private readonly waiting = new Map<string, Set<string>>();
  private size = 0;
  private telling: Promise<void> | null = null;
  private isAway = false;

  constructor(tell: Tell) {
    this.tell = tell;
  }

  /** One reader of one article; nothing happens while the day's salt is not known. */
  note(slug: string, address: string, agent: string, now: number): void {
    if (!this.day || now >= this.day.until || this.size >= MOST) return;
    const keys = this.waiting.get(slug) ?? new Set<string>();
    this.size -= keys.size;
    keys.add(keyOf(this.day.salt, address, agent, slug));
    this.waiting.set(slug, keys);
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
  async start(): Promise<void> {
    await this.flush(Date.now());
    const left = (this.day?.until ?? 0) - Date.now();
    setTimeout(() => void this.start(), left > 0 ? Math.min(left, EVERY) : EVERY).unref();
  }

  private async send(now: number): Promise<void> {
    const { day } = this;
    let next: Day | null = null;
    while (day && this.size > 0) {
      const batch = this.batch();
      next = await this.tell(day.day, batch);
      this.forget(batch);
    }
    if (next) this.day = next;
    else if (!day || now >= day.until) this.day = await this.tell(null, []);
  }

  /** As much of what waits as one call may hold. */
  private batch(): Seen[] {
    const batch: Seen[] = [];
    let left = MOST_AT_ONCE;
    for (const [slug, keys] of this.waiting) {
      if (left === 0) break;
      batch.push({ slug, keys: [...keys].slice(0, left) });
      left -= Math.min(left, keys.size);
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
  }

  /** The counts wait for the next time, until their day is over: then they are lost. */
  private missed(now: number): void {
    if (!this.isAway) console.error('Readers are not counted at present: the API does not take the counts.');
    this.isAway = true;
    if (!this.day || now < this.day.until) return;
    this.waiting.clear();
    this.size = 0;
    this.day = null;
  }
}
