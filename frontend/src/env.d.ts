/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The reader's network address: the API limits by it, nothing here stores it. */
    readerAddress: string;
    /** True when the API was away and an answer remembered from before is shown. */
    stale: boolean;
    /** What the page depends on: it is dropped by these when one of them changes. */
    cacheTags: Set<string>;
    /** What was asked for the page, to ask again whether it still holds. */
    questions: import('./lib/api').Question[];
    /** What was heard for the page: remembered when the page stands. */
    heard: import('./lib/api').Heard[];
    /** Where the page and its answers are kept when it stands; null when that would have no end. */
    share: import('./lib/shares').Share | null;
    /** What else must still be so for the page to hold, beside what was asked: true while it is. */
    grounds: (() => Promise<boolean>)[];
    /** Present when the page may be kept for other readers. */
    making?: import('./server/hot').Making;
  }
}
