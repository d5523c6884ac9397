/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The reader's network address: the API limits by it, nothing here stores it. */
    readerAddress: string;
    /** True when the API was away and an answer remembered from before is shown. */
    stale: boolean;
    /** What the page depends on, as the API named it: a cache in front of the site can purge by these. */
    cacheTags: Set<string>;
  }
}
