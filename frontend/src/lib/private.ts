// Pages behind a link that is meant for one person: kept nowhere, indexed nowhere, and told to no other site.
import { contentSecurityPolicy } from './headers';
import { settings } from './settings';

/**
 * A page with a form must let its own site see where the form comes from: under no-referrer browsers send the form with
 * `Origin: null`, which the origin check refuses. Other sites are told nothing either way.
 */
export function keepPrivate(headers: Headers, has: 'form' | 'no form'): void {
  headers.set('Cache-Control', 'private, no-store');
  headers.set('X-Robots-Tag', 'noindex, nofollow');
  headers.set('Referrer-Policy', has === 'form' ? 'same-origin' : 'no-referrer');
}

/** This page has a script, and it is a file of the site's own. */
export function withScript(headers: Headers): void {
  headers.set('Content-Security-Policy', contentSecurityPolicy(settings.publicSiteUrl.startsWith('https:'), 'self'));
}
