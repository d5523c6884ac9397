// Remembers the API's public answers: to ask again cheaply (304), and to keep pages readable while the API is away.

export interface Remembered {
  readonly etag: string;
  readonly data: unknown;
  readonly tags: readonly string[];
  /** When the API last confirmed it, in milliseconds. */
  confirmedAt: number;
}

const MOST = 500;
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** A bounded memory; what was asked for longest ago goes first. */
export class Answers {
  private readonly kept = new Map<string, Remembered>();
  private forgotten = 0;

  /** Changes whenever something was forgotten: an answer that was on its way then is not kept. */
  get epoch(): number {
    return this.forgotten;
  }

  find(key: string, now: number): Remembered | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
    this.kept.delete(key);
    if (now - found.confirmedAt > KEPT_FOR) return undefined;
    this.kept.set(key, found);
    return found;
  }

  keep(key: string, answer: Remembered): void {
    this.kept.delete(key);
    this.kept.set(key, answer);
    const oldest = this.kept.keys().next();
    if (this.kept.size > MOST && !oldest.done) this.kept.delete(oldest.value);
  }

  /** Drops what was made from something that may not be shown any more, also as a copy. */
  forget(tags: ReadonlySet<string>): void {
    if (tags.size === 0) return;
    this.forgotten += 1;
    for (const [key, { tags: made }] of this.kept) if (made.some((tag) => tags.has(tag))) this.kept.delete(key);
  }
}

const place = Symbol.for('meridian.answers');
const shared = globalThis as { [place]?: Answers };

/** One for the process: the server and the build, which holds this module a second time, share it. */
export const answers: Answers = (shared[place] ??= new Answers());
