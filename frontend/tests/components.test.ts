// Components as readers get them.
import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import { beforeAll, describe, expect, test } from 'vitest';
import Article from '../src/components/Article/Article.astro';
import EvidenceTable from '../src/components/EvidenceTable/EvidenceTable.astro';
import Missing from '../src/components/Missing/Missing.astro';
import Page from '../src/components/Page/Page.astro';
import References from '../src/components/References/References.astro';
import { article, citation, clinic, source, statement } from './samples';

let container: AstroContainer;
beforeAll(async () => {
  container = await AstroContainer.create();
});

type Component = Parameters<AstroContainer['renderToString']>[0];
const render = (component: Component, props: Record<string, unknown>): Promise<string> =>
  container.renderToString(component, { props, locals: { stale: false, readerAddress: '', cacheTags: new Set(), questions: [], heard: [], share: 'pages', grounds: [] } });

/** Where each of these stands in the page; -1 for what is missing. */
const places = (html: string, parts: readonly string[]): number[] => parts.map((part) => html.indexOf(part));

describe('an article', () => {
  test('comes in the order in which a reader needs it', async () => {
    const html = await render(Article, { article: article(), clinic: clinic({ bookingUrl: 'https://book.example/' }) });
    const order = places(html, [
      '<h1>', 'Written by', 'class="dates"', 'class="quick"', 'class="toc"', 'id="help"', 'id="page-risks"', 'id="page-care"',
      'id="page-references"', 'class="book"', 'Related conditions', 'Please note', 'Corrections', 'Republish this article', 'id="page-comments"',
    ]);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('has a note beside the block that first cites a source, and the same sentence folded under it', async () => {
    const html = await render(Article, { article: article(), clinic: clinic() });
    expect(html.match(/Rest helped no more than moving\./g)).toHaveLength(3);
    expect(html.indexOf('class="note"')).toBeGreaterThan(html.indexOf('Hardly.'));
    expect(html).toContain('aria-label="About reference 1"');
  });

  test('leads to urgent help in words and says the level of each advice', async () => {
    const html = await render(Article, { article: article(), clinic: clinic() });
    expect(html).toMatch(/href="#page-urgent"[^>]*><strong>Get help quickly<\/strong> if you notice a warning sign – for example, numb legs/);
    expect(html).toContain('id="page-urgent"');
    expect(html).toContain('Urgent advice:');
  });

  test('says that risks were not reviewed', async () => {
    const html = await render(Article, { article: article(), clinic: clinic() });
    expect(html).toContain('Risks not yet reviewed here');
  });

  test('says that it is past its review date only when it is', async () => {
    const fresh = await render(Article, { article: article(), clinic: clinic() });
    const overdue = await render(Article, { article: article({ isReviewOverdue: true }), clinic: clinic() });
    expect([fresh.includes('Past its review date'), overdue.includes('Past its review date')]).toEqual([false, true]);
  });

  test('shows four different dates; news shows two', async () => {
    const health = await render(Article, { article: article(), clinic: clinic() });
    const news = await render(Article, { article: article({ kind: 'NEWS' }), clinic: clinic() });
    expect([health.match(/<dt>/g)?.length, news.match(/<dt>/g)?.length]).toEqual([4, 2]);
  });

  test('behind a private link there is nothing to comment on, to report or to republish', async () => {
    const shown = await render(Article, { article: article(), clinic: clinic() });
    const hidden = await render(Article, { article: article(), clinic: clinic(), isPrivate: true });
    for (const part of ['id="page-comments"', 'Report a problem', 'Republish this article']) {
      expect(shown).toContain(part);
      expect(hidden).not.toContain(part);
    }
    expect(hidden).toContain('id="page-references"');
  });

  test('escapes what readers wrote', async () => {
    const nodes = [{ id: 'cmt_1', body: '<img src=x onerror=alert(1)>', displayName: '<b>Robin', at: '2026-11-09T10:00:00Z', isRedacted: false, reply: null }];
    const html = await render(Article, { article: article({ comments: { nodes }, commentCount: 1 }), clinic: clinic() });
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;b&gt;Robin');
  });
});

describe('references', () => {
  test('a reference leads out by its identifier and back to each mark', async () => {
    const cited = citation(1, 'meyer2020', { marks: ['cite-meyer2020-1', 'cite-meyer2020-2'] });
    const html = await render(References, { citations: [cited], id: 'r', sections: new Map([['cite-meyer2020-2', 'Risks']]) });
    expect(html).toContain('role="doc-endnotes"');
    expect(html).toContain('href="https://doi.org/10.1000/rest"');
    expect(html).toMatch(/href="#cite-meyer2020-1" role="doc-backlink" aria-label="Back to reference 1 at the start of the text"/);
    expect(html).toMatch(/href="#cite-meyer2020-2" role="doc-backlink" aria-label="Back to reference 1 in “Risks”"/);
  });

  test.each([
    ['RETRACTED', 'Retracted:'],
    ['CORRECTED', 'Corrected:'],
    ['SUPERSEDED', 'Out of date:'],
    ['WITHDRAWN', 'Withdrawn:'],
    ['UNRESOLVED', 'Not confirmed:'],
    ['EXPRESSION_OF_CONCERN', 'Doubts raised:'],
  ] as const)('a source that is %s says so', async (status, words) => {
    const html = await render(References, { citations: [citation(1, 'a', { source: source({ status }) })], id: 'r' });
    expect(html).toContain(words);
  });

  test('a reference says what limits the work, beside what it found', async () => {
    const html = await render(References, { citations: [citation(1, 'a', { source: source({ limits: 'Nobody was blind to massage.' }) })], id: 'r' });
    expect(html.replace(/\s+/g, ' ')).toContain('Limits: Nobody was blind to massage.');
    expect(await render(References, { citations: [citation(1, 'a')], id: 'r' })).not.toContain('Limits:');
  });

  test('a mark without a source says so and invents nothing', async () => {
    const html = await render(References, { citations: [citation(3, 'unresolved-3', { source: null })], id: 'r' });
    expect(html).toContain('id="ref-unresolved-3"');
    expect(html).toContain('Source missing');
  });
});

test('an evidence table says in dots and in a word how sure we are', async () => {
  const html = await render(EvidenceTable, { name: 'Rest', rows: [statement()], numbers: new Map([['meyer2020', 4]]) });
  expect(html).toMatch(/<span class="dots" aria-hidden="true">●●●○<\/span> Moderate/);
  expect(html).toContain('Sham (pretend) treatment');
  expect(html).toMatch(/aria-label="Reference 4, Meyer et al\. 2020"/);
  expect(html).toContain('tabindex="0"');
});

test('an evidence table names its sources in the order of the references', async () => {
  const [known] = statement().sources;
  const sources = ['c', 'a', 'b'].map((key) => ({ ...known!, key }));
  const numbers = new Map([['a', 1], ['b', 2], ['c', 11]]);
  const html = await render(EvidenceTable, { name: 'Rest', rows: [{ ...statement(), sources }], numbers });
  expect([...html.matchAll(/href="#ref-(\w)"/g)].map(([, key]) => key)).toEqual(['a', 'b', 'c']);
});

describe('a page that is not there', () => {
  test('a withdrawn article tells title, date and reason', async () => {
    const notice = { __typename: 'Withdrawn', title: 'Ear seeds', explanation: 'The study was retracted.', at: '2026-10-30T10:00:00Z', severity: 'SAFETY', replacement: null };
    const html = await render(Missing, { clinic: clinic(), notice });
    for (const part of ['Withdrawn: Ear seeds', '30\u00a0October\u00a02026', 'The study was retracted.', 'href="tel:111"', 'noindex']) expect(html).toContain(part);
  });

  test('a page removed for legal reasons says so', async () => {
    const html = await render(Missing, { clinic: clinic(), notice: { __typename: 'Gone', reason: null, at: '2026-01-02T10:00:00Z', legal: true } });
    expect(html).toContain('legal reasons');
  });
});

describe('the frame', () => {
  const frame = { clinic: clinic(), title: 'Rest', description: 'About rest.', path: '/articles/rest' };

  test('names its address from the settings, never from the request', async () => {
    const html = await container.renderToString(Page as Component, {
      props: frame,
      locals: { stale: false, readerAddress: '', cacheTags: new Set(), questions: [], heard: [], share: 'pages', grounds: [] },
      request: new Request('http://evil.example/articles/rest', { headers: { 'x-forwarded-host': 'evil.example' } }),
    });
    expect(html).toContain('<link rel="canonical" href="http://localhost:4321/articles/rest">');
    expect(html).not.toContain('evil.example');
  });

  test('has nothing inline but data', async () => {
    const html = await render(Page, { ...frame, jsonLd: { '@type': 'MedicalWebPage' } });
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|<style/);
    expect([...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script type="application/ld+json">']);
  });
});
