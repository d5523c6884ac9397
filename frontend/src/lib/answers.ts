// Remembers the API's public answers: to ask again cheaply (304), and to keep pages readable while the API is away.
import { type Share, Shares } from './shares.ts';

export interface Remembered {
  readonly etag: string;
  readonly data: unknown;
  readonly tags: readonly string[];
  /** When the API last confirmed it, in milliseconds. */
  confirmedAt: number;
}

const MOST: Readonly<Record<Share, number>> = { pages: 500, lists: 100, forms: 50, past: 200 };
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** A bounded memory by shares; of a share what was asked for longest ago goes first. */
export class Answers {
  private readonly kept = new Shares<Remembered>();
  private forgotten = 0;

  /** Changes whenever something was forgotten: an answer that was on its way then is not kept. */
  get epoch(): number {
    return this.forgotten;
  }

  find(key: string, now: number): Remembered | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    if (now - found.confirmedAt > KEPT_FOR) {
      this.kept.delete(key);
      return undefined;
    }
    this.kept.touch(key);
    return found;
  }

  keep(key: string, answer: Remembered, share: Share = 'pages'): void {
    this.kept.set(share, key, answer);
    const here = this.kept.in(share);
    const oldest = here.keys().next();
    if (here.size > MOST[share] && !oldest.done) this.kept.delete(oldest.value);
  }

  /** The API said that it still holds: a page that is read all day from the memory of pages is not forgotten here. */
  confirm(key: string, etag: string, now: number): void {
    const found = this.find(key, now);
    if (found?.etag === etag) found.confirmedAt = now;
  }

  /** Drops what was made from something that may not be shown any more, also as a copy. */
  forget(tags: ReadonlySet<string>): void {
    if (tags.size === 0) return;
    this.forgotten += 1;
    for (const [key, { tags: made }] of this.kept.entries()) if (made.some((tag) => tags.has(tag))) this.kept.delete(key);
  }
}

const place = Symbol.for('meridian.answers');
const shared = globalThis as { [place]?: Answers };

/** One for the process: the server and the build, which holds this module a second time, share it. */
export const answers: Answers = (shared[place] ??= new Answers());
