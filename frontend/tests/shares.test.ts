// The shares of the site's memories, and the few spellings under which something is asked for.
import { describe, expect, test } from 'vitest';
import { isSlug, plainPath } from '../src/lib/addresses';
import { choice, orderIn } from '../src/lib/choices';
import { t } from '../src/lib/text';
import { Shares, shareOf } from '../src/lib/shares';

describe('a share', () => {
  test.each([
    [200, 'pages', 'pages'],
    [200, 'lists', 'lists'],
    [200, null, null],
    [301, 'pages', 'past'],
    [451, 'forms', 'past'],
    [404, 'pages', null],
    [422, 'forms', null],
    [503, 'pages', null],
  ] as const)('of a page with %i that chose %s is %s', (status, chosen, share) => {
    expect(shareOf(status, chosen)).toBe(share);
  });

  test('holds an entry once: what comes back as a page is no past any more', () => {
    const shares = new Shares<number>();
    shares.set('past', 'a', 1);
    shares.set('pages', 'a', 2);
    expect([shares.size, shares.get('a'), shares.in('past').size]).toEqual([1, 2, 0]);
    expect([shares.delete('a'), shares.delete('a'), shares.size]).toEqual([true, false, 0]);
  });
});

describe('what is asked for', () => {
  const given = (text: string): URLSearchParams => new URLSearchParams(text);

  test('is an id, an order, a cursor, or nothing', () => {
    const id = 'cnd_01m81spk72f47s5r856xt84f1b';
    expect(choice(given(`condition=${id}`), 'condition')).toBe(id);
    expect(['a0', id.toUpperCase(), `${id}x`, ''].map((value) => choice(given(`condition=${value}`), 'condition'))).toEqual([null, null, null, null]);
    expect(choice(given('q=pain'), 'q')).toBeNull();
  });

  test('has the orders that the page offers, the usual one when nothing is said', () => {
    expect(Object.keys(t.articles.orders).map((order) => orderIn(given(`order=${order}`)))).toEqual(Object.keys(t.articles.orders));
    expect([orderIn(given('')), orderIn(given('order=qq0'))]).toEqual(['NEWEST', 'NEWEST']);
  });

  test('is no name that the database cannot hold, and one path for every spelling of it', () => {
    expect(['neck-pain', 'neck-pain?a0', 'Neck', 'a'.repeat(161), ''].map(isSlug)).toEqual([true, false, false, false, false]);
    expect(['/articles/x', '/articles/x/', '//articles/x//', '/articles/x?a0', '/articles/x/#b'].map(plainPath)).toEqual(Array.from({ length: 5 }, () => '/articles/x'));
  });
});
