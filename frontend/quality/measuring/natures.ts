// What a kind of page fails because it does what it should, and what it must not do: from what it answered, and from what is expected of its name.

/** What a page answered, as far as it matters here. */
export interface Answer {
  readonly status: number;
  /** Its X-Robots-Tag. */
  readonly robotsTag: string | null;
  readonly html: string;
  /** Whether robots.txt keeps robots from it. */
  readonly isClosed: boolean;
}

/** Pages that are there for one reader, for one moment, or not at all. */
const NOT_LISTED = /^(?:search|not-found|withdrawn|gone|legal|preview|review|invitation|claim|comment-form|comments-closed|own-comment|problem-report)(?:-|$)/;
/** Every other page is there. */
const STATUS: Readonly<Record<string, number>> = {
  'not-found': 404,
  'preview-ended': 404,
  'review-ended': 404,
  'claim-ended': 404,
  withdrawn: 410,
  'withdrawn-for-safety': 410,
  gone: 410,
  legal: 451,
};
/** It is not listed; it is not there, which the browser notes, too. */
export const EXCEPTED = { noindex: ['is-crawlable'], status: ['http-status-code', 'errors-in-console'] } as const;

export type Nature = keyof typeof EXCEPTED;

const META = /<meta\s[^>]*name="?robots"?[^>]*>/i;

/** Whether the page asks search engines not to list it, by whichever means. */
const isHidden = ({ robotsTag, html, isClosed }: Answer): boolean => isClosed || [robotsTag ?? '', META.exec(html)?.[0] ?? ''].some((said) => /\bnoindex\b/i.test(said));

/** Why a page cannot pass an audit: only what it says and should say. */
export function natureOf(name: string, answer: Answer): Nature[] {
  const isExpected = answer.status >= 400 && answer.status === STATUS[name];
  return [...(NOT_LISTED.test(name) && isHidden(answer) ? ['noindex' as const] : []), ...(isExpected ? ['status' as const] : [])];
}

/** What is wrong with the answer itself, whatever the audits say. */
export function wrongWith(name: string, answer: Answer): string[] {
  const expected = STATUS[name] ?? 200;
  const wrong = answer.status === expected ? [] : [`answered ${answer.status} instead of ${expected}`];
  if (NOT_LISTED.test(name) === isHidden(answer)) return wrong;
  return [...wrong, isHidden(answer) ? 'asks not to be listed' : 'does not ask not to be listed'];
}

/** Whether these lines of robots.txt name the path, or one above it. */
export const closes = (robots: string, path: string): boolean => [...robots.matchAll(/^Disallow: *(\S+)/gim)].some(([, start = '']) => path.startsWith(start));
