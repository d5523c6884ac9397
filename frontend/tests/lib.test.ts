// The small pure pieces.
import { describe, expect, test } from 'vitest';
import { isSitePath, local, localSet, query } from '../src/lib/addresses';
import { alphabet } from '../src/lib/alphabet';
import { Answers } from '../src/lib/answers';
import { dialable, firstSign, inOrder, urgentHeadingIn } from '../src/lib/care';
import { marksOf, sectionsOfMarks, segments, withNotes } from '../src/lib/citations';
import { addressLines, daysText, telephoneLink } from '../src/lib/contact';
import { longDate, shortDate } from '../src/lib/dates';
import { safeJson } from '../src/lib/jsonld';
import { chosen, pack } from '../src/lib/pack';
import { fullName, initials, register } from '../src/lib/people';
import { readerAddress, trustedPeers } from '../src/lib/reader';
import { readSettings } from '../src/lib/settings';
import { excerpt, parted } from '../src/lib/sentences';
import { foldOf, kindAndSize, linksOf, saysOf } from '../src/lib/sources';
import { bibliography, grouped } from '../src/lib/statements';
import { care, citation, person, source, statement } from './samples';

const block = (html: string, ...citationNumbers: number[]) => ({ html, citationNumbers });

describe('notes', () => {
  test('the first block that cites a source carries its note, a later one does not', () => {
    const blocks = [block('<p>a</p>', 1), block('<p>b</p>', 1), block('<p>c</p>', 2)];
    const notes = withNotes(blocks, [citation(1, 'a'), citation(2, 'b')]).map(({ note }) => note?.number ?? null);
    expect(notes).toEqual([1, null, 2]);
  });

  test('a block that cites two new sources carries one note', () => {
    const [only] = withNotes([block('<p>a</p>', 1, 2)], [citation(1, 'a'), citation(2, 'b')]);
    expect(only?.note?.number).toBe(1);
  });

  test('a mark stands close to its word', () => {
    const [only] = withNotes([block('<p>word <sup class="cite">1</sup>, x<sub>2</sub> <sup>2</sup></p>')], []);
    expect(only?.html).toBe('<p>word<sup class="cite">1</sup>, x<sub>2</sub> <sup>2</sup></p>');
  });

  test('a source that nobody found has no note', () => {
    const [only] = withNotes([block('<p>a</p>', 1)], [citation(1, 'unresolved-1', { source: null })]);
    expect(only?.note).toBeNull();
  });

  test('a text is cut where notes begin, and nothing of it is lost', () => {
    const noted = withNotes([block('<p>a</p>'), block('<p>b</p>', 1), block('<p>c</p>'), block('<p>d</p>')], [citation(1, 'a')]);
    expect(segments(noted)).toMatchObject({ before: '<p>a</p>', noted: [{ html: '<p>b</p>', after: '<p>c</p><p>d</p>' }] });
  });
});

describe('marks', () => {
  const blocks = [
    block('<p><a id="cite-x-1">1</a></p>', 1),
    block('<h2 id="h">Risks &amp; <em>care</em></h2>'),
    block('<p><a id="cite-x-2">1</a></p>', 1),
  ];

  test('a mark knows the heading that it stands under', () => {
    expect(sectionsOfMarks(blocks)).toEqual(new Map([['cite-x-2', 'Risks & care']]));
  });

  test('marks of one source are lettered in reading order', () => {
    const marks = marksOf(citation(1, 'x', { marks: ['cite-x-1', 'cite-x-2'] }), sectionsOfMarks(blocks));
    expect(marks).toEqual([
      { id: 'cite-x-1', letter: 'a', section: null },
      { id: 'cite-x-2', letter: 'b', section: 'Risks & care' },
    ]);
  });

  test('the letters go on after z', () => {
    const ids = Array.from({ length: 28 }, (_, index) => `m${index}`);
    const letters = marksOf(citation(1, 'x', { marks: ids }), new Map()).map(({ letter }) => letter);
    expect(letters.slice(-3)).toEqual(['z', 'aa', 'ab']);
  });
});

describe('sources', () => {
  test('kind, size and year make one line', () => {
    expect(kindAndSize(source())).toBe('Randomised trial, 120 people, 2020');
    expect(kindAndSize(source({ n: 17_922, studyDesign: 'META_ANALYSIS' }))).toBe('Pooled analysis of studies, 17,922 people, 2020');
    expect(kindAndSize(source({ n: null, year: null }))).toBe('Randomised trial');
  });

  test('a sound source says nothing about itself, a retracted one does', () => {
    expect(saysOf(source())).toBeNull();
    expect(saysOf(source({ status: 'RETRACTED' }))).toBe('Retracted: The publisher has taken this work back. Do not rely on it.');
    expect(saysOf(source({ status: 'CORRECTED', statusNote: 'Table 2.' }))).toBe('Corrected: Table 2.');
    expect(saysOf(source({ status: 'RETRACTED', statusNote: 'Retracted by the journal.' }))).toBe('Retracted by the journal.');
  });

  test('the fold under a paragraph warns before it is opened', () => {
    expect(foldOf(source())).toBe('What this study found');
    expect(foldOf(source({ studyDesign: 'GUIDELINE', status: 'CORRECTED' }))).toBe('What this source says');
    expect(foldOf(source({ status: 'RETRACTED' }))).toBe('Retracted: what this study found');
  });

  test('identifiers come before a plain address', () => {
    expect(linksOf(source({ pmid: '12345', url: 'https://journal.example/' })).map(({ href }) => href)).toEqual([
      'https://doi.org/10.1000/rest',
      'https://pubmed.ncbi.nlm.nih.gov/12345/',
    ]);
    expect(linksOf(source({ doi: null, url: 'https://journal.example/' })).map(({ href }) => href)).toEqual(['https://journal.example/']);
  });

  test('an address that is no web address is no link', () => {
    expect(linksOf(source({ doi: null, url: 'javascript:alert(1)' }))).toEqual([]);
  });
});

describe('evidence', () => {
  test('rows stand together under their treatment', () => {
    const rows = [statement(), statement({ id: 'est_2', treatment: { name: 'Walking', slug: 'walking', risksReviewed: true } }), statement({ id: 'est_3' })];
    expect(grouped(rows, 'treatment').map(({ name, rows: own }) => [name, own.length])).toEqual([['Rest', 2], ['Walking', 1]]);
  });

  test('works behind the tables are numbered after those that the text cites', () => {
    const found = bibliography([citation(1, 'a'), citation(2, 'b')], [statement({ sources: [source({ key: 'b' }), source({ key: 'c' }), source({ key: 'c' })] })]);
    expect(found.map(({ key, number }) => [key, number])).toEqual([['a', 1], ['b', 2], ['c', 3]]);
  });
});

describe('care advice', () => {
  const advice = [care('SELF_CARE', ['Walk']), care('URGENT', ['GP first']), care('EMERGENCY', ['A stiff neck with fever.'])];

  test('the most urgent stands first', () => {
    expect(inOrder(advice).map(({ level }) => level)).toEqual(['EMERGENCY', 'URGENT', 'SELF_CARE']);
  });

  test('the same advice of two conditions is said once', () => {
    expect(inOrder([...advice, ...advice])).toHaveLength(3);
  });

  test('the first sign fits into a sentence', () => {
    expect(firstSign(advice)).toBe('a stiff neck with fever');
    expect(firstSign([care('URGENT', ['TB in the family'])])).toBe('TB in the family');
    expect(firstSign([care('SELF_CARE', ['Walk'])])).toBeNull();
  });

  test('emergency numbers can be tapped, others stay text', () => {
    expect(dialable('Call 999 or 1119.')).toEqual([
      { text: 'Call ', href: null },
      { text: '999', href: 'tel:999' },
      { text: ' or 1119.', href: null },
    ]);
  });

  test('urgent advice inside the text is found by its heading', () => {
    const blocks = [block('<p>x</p>'), block('<section class="care care-urgent" aria-labelledby="u1"><h3 id="u1">Urgent advice</h3></section>')];
    expect(urgentHeadingIn(blocks)).toBe('u1');
    expect(urgentHeadingIn([block('<section class="care care-self-care" aria-labelledby="s">…</section>')])).toBeNull();
  });
});

describe('titles', () => {
  test('a word that is longer than a line of a telephone says where it may be parted, and no other word does', () => {
    expect(parted('What otorhinolaryngologists say')).toBe('What otorhi\u00adno\u00adla\u00adryngo\u00adlo\u00adgists say');
    expect(parted('Temporomandibular disorder')).toBe('Temporomandibular disorder');
    for (const word of ['Otorhinolaryngologists', 'Electroencephalographically', 'Pneumonoultramicroscopicsilicovolcanoconiosis']) {
      const [first = '', ...others] = parted(`Non-${word}`).slice('Non-'.length).split('\u00ad');
      expect([first.length >= 5, others.length > 0, (others.at(-1) ?? '').length >= 5]).toEqual([true, true, true]);
    }
    expect(parted('Counterrevolutionary')).toBe('Counterrevolutionary');
    expect(parted('Electroencephalography (EEG)').replaceAll('\u00ad', '')).toBe('Electroencephalography (EEG)');
  });
});

describe('dates', () => {
  test('a date is written as a reader in London has it', () => {
    expect(longDate('2026-07-01')).toBe('1\u00a0July\u00a02026');
    expect(longDate('2026-06-30T23:30:00Z')).toBe('1\u00a0July\u00a02026');
    expect(shortDate('2026-09-05')).toBe('5 Sep 2026');
  });

});

describe('addresses', () => {
  test('our own absolute addresses become relative, others stay', () => {
    expect(local('http://localhost:4321/media/a.webp')).toBe('/media/a.webp');
    expect(local('http://localhost:43210/x')).toBe('http://localhost:43210/x');
    expect(localSet('http://localhost:4321/a.webp 1x, https://other.example/b.webp 2x')).toBe('/a.webp 1x, https://other.example/b.webp 2x');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\r\nSet-Cookie: x', '/\t/evil.example', ''])('%j leads nowhere on this site', (path) => {
    expect(isSitePath(path)).toBe(false);
  });

  test('empty parameters are left out', () => {
    expect(query('/search', { q: 'a b', after: null, type: '' })).toBe('/search?q=a+b');
    expect(query('/articles', {})).toBe('/articles');
  });
});

describe('people and places', () => {
  test('a person is vouched for by the strongest current register', () => {
    expect(register(person())).toBe('Example Council');
    expect(register(person({ credentials: person().credentials.map((one) => ({ ...one, isCurrent: false })) }))).toBeNull();
  });

  test('names and initials', () => {
    expect(fullName({ honorificPrefix: 'Dr', name: 'Ada Example' })).toBe('Dr Ada Example');
    expect(fullName({ honorificPrefix: 'Dr', name: 'Dr Ada Example' })).toBe('Dr Ada Example');
    expect([initials('Ada Maria Example'), initials('Ada')]).toEqual(['AE', 'A']);
  });

  test('days in a row are a span, others a list', () => {
    expect(daysText(['MONDAY', 'TUESDAY', 'WEDNESDAY'])).toBe('Monday–Wednesday');
    expect(daysText(['Mon', 'Thu'])).toBe('Monday and Thursday');
    expect(daysText(['Feiertag'])).toBe('Feiertag');
  });

  test('telephone and address', () => {
    expect(telephoneLink('+44 (0)20 7946 0000')).toBe('tel:+4402079460000');
    expect(addressLines({ street: '1 Road', locality: 'London', region: null, postalCode: 'ZZ1 1ZZ', country: 'GB' })).toEqual(['1 Road', 'London ZZ1 1ZZ']);
  });

  test('an A–Z goes by first letters, whatever their accents', () => {
    const letters = alphabet([{ name: 'Zoster' }, { name: 'Épaule' }, { name: 'eczema' }, { name: '5-HT' }]);
    expect(letters.map(({ letter, items }) => [letter, items.length])).toEqual([['#', 1], ['E', 2], ['Z', 1]]);
  });
});

describe('the reader’s address', () => {
  const proxies = trustedPeers(['10.0.0.0/8', '::1']);

  test('X-Forwarded-For of a stranger is ignored', () => {
    expect(readerAddress('203.0.113.5', '198.51.100.7', proxies)).toBe('203.0.113.5');
    expect(readerAddress('203.0.113.5', '198.51.100.7', trustedPeers([]))).toBe('203.0.113.5');
  });

  test('behind our own proxy the last foreign entry counts, not the first, which anybody can write', () => {
    expect(readerAddress('10.0.0.2', '1.2.3.4, 198.51.100.7, 10.0.0.9', proxies)).toBe('198.51.100.7');
    expect(readerAddress('::ffff:10.0.0.2', 'nonsense', proxies)).toBe('10.0.0.2');
  });

  test('a network that is none is refused at the start', () => {
    for (const none of ['proxy', '10.0.0.0/', '10.0.0.0/x']) expect(() => trustedPeers([none])).toThrow('TRUSTED_PROXIES');
    expect(() => trustedPeers(['10.0.0.0/33'])).toThrow();
  });

  test.each([
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['192.0.2.128/25', '192.0.2.255', '192.0.2.127'],
    ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
    ['128.0.0.0/1', '255.0.0.1', '127.255.255.255'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
    ['::1', '0:0:0:0:0:0:0:1', '::2'],
    ['::ffff:10.0.0.2', '10.0.0.2', '10.0.0.3'],
    ['::ffff:a00:2', '10.0.0.2', '10.0.0.3'],
    ['::ffff:10.0.0.0/104', '10.255.0.1', '11.0.0.1'],
    ['::ffff:0:0/96', '203.0.113.7', '2001:db8::1'],
    ['::/0', '203.0.113.7', 'no address'],
    ['::/0', '2001:db8::1', 'no address'],
    ['8000::/1', '8000::1', '203.0.113.7'],
  ])('%s holds %s and not %s', (network, inside, outside) => {
    const trusted = trustedPeers([network]);
    expect([trusted(inside), trusted(outside), trusted('nonsense')]).toEqual([true, false, false]);
    expect(trustedPeers(['0.0.0.0/0'])(inside)).toBe(!inside.includes(':'));
  });
});

describe('settings', () => {
  test('addresses lose everything but their origin', () => {
    expect(readSettings({ PUBLIC_SITE_URL: 'https://clinic.example/' }).publicSiteUrl).toBe('https://clinic.example');
  });

  test.each([{ API_URL: 'nowhere' }, { PUBLIC_SITE_URL: 'ftp://x' }, { PORT: 'eighty' }])('%j is refused with its name', (env) => {
    expect(() => readSettings(env)).toThrow(Object.keys(env)[0]);
  });
});

describe('structured data', () => {
  test('it cannot end its own script element', () => {
    const text = safeJson({ name: '</script><!--<script>', amp: '&' });
    expect(text).not.toMatch(/[<>&]/);
    expect(JSON.parse(text)).toEqual({ name: '</script><!--<script>', amp: '&' });
  });
});

describe('the memory of answers', () => {
  const answer = (etag: string, confirmedAt: number) => ({ etag, data: {}, tags: [], confirmedAt });

  test('what was confirmed a day ago is forgotten', () => {
    const answers = new Answers();
    answers.keep('a', answer('"1"', 0));
    expect(answers.find('a', 86_400_000)?.etag).toBe('"1"');
    expect(answers.find('a', 86_400_001)).toBeUndefined();
  });

  test('it is bounded: what was asked for longest ago goes first', () => {
    const answers = new Answers();
    for (let index = 0; index < 500; index += 1) answers.keep(`k${index}`, answer('"x"', 0));
    answers.find('k0', 1);
    answers.keep('new', answer('"x"', 0));
    expect([answers.find('k0', 1), answers.find('k1', 1)].map(Boolean)).toEqual([true, false]);
  });
});

describe('packing', () => {
  const html = '<p>word </p>'.repeat(200);
  const page = (): Response => new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  const request = (headers: Record<string, string>): Request => new Request('http://site.example/', { headers });

  test('br before gzip, and a refusal is a refusal', () => {
    expect([chosen('gzip, deflate, br'), chosen('gzip;q=0.5'), chosen('br;q=0, gzip'), chosen('identity'), chosen(null)]).toEqual(['br', 'gzip', 'gzip', null, null]);
  });

  test('a reader who has the page gets 304, whichever encoding it came in', async () => {
    const first = await pack(request({ 'accept-encoding': 'br' }), page());
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('content-encoding')).toBe('br');
    const again = await pack(request({ 'if-none-match': `W/${etag}`, 'accept-encoding': 'gzip' }), page());
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('another page is another ETag', async () => {
    const one = await pack(request({}), page());
    const other = await pack(request({ 'if-none-match': one.headers.get('etag') ?? '' }), new Response(`${html}!`, { headers: { 'Content-Type': 'text/html' } }));
    expect(other.status).toBe(200);
  });

  test('an error page has no ETag, and the API’s own ETags stay', async () => {
    const gone = await pack(request({}), new Response(html, { status: 410, headers: { 'Content-Type': 'text/html' } }));
    expect(gone.headers.has('etag')).toBe(false);
    const picture = await pack(request({}), new Response('x', { headers: { 'Content-Type': 'image/webp', ETag: '"m"' } }));
    expect(picture.headers.get('etag')).toBe('"m"');
  });
});

describe('an excerpt', () => {
  test.each([
    ['what the <mark>pain</mark> is like', '… what the <mark>pain</mark> is like …'],
    ['<mark>pain</mark> in the head', '… <mark>pain</mark> in the head …'],
    ['<mark>Pain</mark> in the head.', '<mark>Pain</mark> in the head.'],
    ['It is “common.”', 'It is “common.”'],
    ['When … it stays', 'When … it stays …'],
    ['', ''],
  ])('%s says where it was cut', (given, shown) => {
    expect(excerpt(given)).toBe(shown);
  });
});
