// Where things stand: paths on this site, and absolute addresses that come from the settings alone.
import { settings } from './settings';

/** Whether something could stand under this name: the database has no other names, and nothing is asked about them. */
export const isSlug = (name: string): boolean => /^[a-z0-9-]{1,160}$/.test(name);

/** A path as the API knows it: the same for every spelling that it reads alike. */
export const plainPath = (path: string): string => `/${(path.split(/[?#]/, 1)[0] ?? '').replace(/^\/+|\/+$/g, '')}`;

export const articlePath = (slug: string): string => `/articles/${encodeURIComponent(slug)}`;
export const conditionPath = (slug: string): string => `/conditions/${encodeURIComponent(slug)}`;
export const treatmentPath = (slug: string): string => `/treatments/${encodeURIComponent(slug)}`;
export const practitionerPath = (slug: string): string => `/practitioners/${encodeURIComponent(slug)}`;

export const absolute = (path: string): string => new URL(path, settings.publicSiteUrl).href;

/** The site's own things are named relative to it, so that they load wherever it is reached. */
export function local(url: string): string {
  const { publicSiteUrl } = settings;
  return url === publicSiteUrl || url.startsWith(`${publicSiteUrl}/`) ? url.slice(publicSiteUrl.length) || '/' : url;
}

export const localSet = (srcset: string): string =>
  srcset
    .split(',')
    .map((candidate) => local(candidate.trim()))
    .join(', ');

/** A path that leads somewhere on this site and nowhere else. */
export function isSitePath(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && !/[\u0000-\u0020\u007f]/.test(path);
}

/** Adds or leaves out parameters: `query('/articles', { after })`. */
export function query(path: string, parameters: Record<string, string | null | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
