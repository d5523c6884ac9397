// Small builders for the tests: a thing with everything in its place, and what a test wants to be different.
import type { ArticleData, CareData, CitationData, Clinic, PersonData, SourceData, StatementData } from '../src/graphql/fragments';

export const source = (changes: Partial<SourceData> = {}): SourceData => ({
  id: 'src_1',
  key: 'meyer2020',
  reference: 'Meyer A, Brown B. A trial of rest. J Rest. 2020;1(2):3-4.',
  shortName: 'Meyer et al. 2020',
  year: 2020,
  doi: '10.1000/rest',
  pmid: null,
  pmcid: null,
  url: null,
  n: 120,
  population: null,
  limits: null,
  plainSummary: 'Rest helped no more than moving.',
  studyDesign: 'RCT',
  status: 'OK',
  statusNote: null,
  supersededBy: null,
  ...changes,
});

export const citation = (number: number, key: string, changes: Partial<CitationData> = {}): CitationData => ({
  number,
  key,
  locator: null,
  marks: [`cite-${key}-1`],
  source: source({ key }),
  ...changes,
});

export const care = (level: CareData['level'], items: readonly string[]): CareData => ({
  level,
  heading: `What to do (${level})`,
  items: [...items],
  body: null,
  phone: null,
});

export const person = (changes: Partial<PersonData> = {}): PersonData => ({
  id: 'prc_1',
  name: 'Ada Example',
  slug: 'ada-example',
  honorificPrefix: null,
  jobTitle: 'Physiotherapist',
  profession: null,
  affiliation: 'STAFF',
  bookingUrl: null,
  photo: null,
  credentials: [
    { kind: 'QUALIFICATION', name: 'BSc', recognizedBy: 'Example University', identifier: null, url: null, isCurrent: true },
    { kind: 'STATUTORY_REGISTER', name: 'Member', recognizedBy: 'Example Council', identifier: '1', url: null, isCurrent: true },
  ],
  ...changes,
});

export const statement = (changes: Partial<StatementData> = {}): StatementData => ({
  id: 'est_1',
  outcome: 'Pain',
  comparator: 'SHAM',
  timepoint: 'SHORT_TERM',
  certainty: 'MODERATE',
  certaintyBasis: null,
  summary: 'A little less pain for a few weeks.',
  assessedAt: '2026-09-14',
  assessedBy: { name: 'Ada Example', slug: 'ada-example' },
  guideline: null,
  treatment: { name: 'Rest', slug: 'rest', risksReviewed: true },
  condition: { name: 'Back pain', slug: 'back-pain' },
  sources: [source()],
  ...changes,
});

export const clinic = (changes: Partial<Clinic> = {}): Clinic => ({
  name: 'Example Clinic',
  legalName: null,
  strapline: null,
  isSample: false,
  telephone: '020 7946 0000',
  email: 'hello@clinic.example',
  bookingUrl: null,
  emergencyNote: null,
  publishingPrinciplesUrl: null,
  complaintsUrl: null,
  privacyUrl: null,
  timezone: 'Europe/London',
  address: null,
  openingHours: [],
  ...changes,
});

export const article = (changes: Partial<ArticleData> = {}): ArticleData => ({
  id: 'art_1',
  slug: 'rest',
  kind: 'HEALTH',
  language: 'en',
  title: 'Does rest help a sore back?',
  summary: 'For a day or two, perhaps. After that, moving helps more.',
  publishedAt: '2026-05-04T09:00:00Z',
  originallyPublishedOn: null,
  updatedAt: '2026-11-02T10:00:00Z',
  lastReviewed: '2026-11-01',
  nextReview: '2028-11-01',
  isReviewOverdue: false,
  readingMinutes: 4,
  authors: [person()],
  reviewedBy: person({ name: 'Ben Checker', slug: 'ben-checker' }),
  heroImage: null,
  body: {
    blocks: [
      { html: '<h2 id="help">Does it help?</h2>', citationNumbers: [] },
      { html: '<p>Hardly.<sup class="cite"><a id="cite-meyer2020-1" href="#ref-meyer2020">1</a></sup></p>', citationNumbers: [1] },
    ],
    toc: [{ id: 'help', level: 2, text: 'Does it help?' }],
  },
  citations: [citation(1, 'meyer2020')],
  conditions: [
    { id: 'cnd_1', name: 'Back pain', slug: 'back-pain', noUrgentAdviceReason: null, careAdvice: [care('URGENT', ['Numb legs'])] },
  ],
  treatments: [
    { id: 'trt_1', name: 'Rest', slug: 'rest', risksReviewed: false, contraindications: [], adverseOutcomes: [] },
  ],
  disclaimers: [{ key: 'NOT_A_SUBSTITUTE', title: 'Not advice', text: 'Ask a clinician.' }],
  corrections: [{ at: '2026-08-12T10:00:00Z', text: 'Three months, not six.' }],
  licence: { name: 'Example terms', version: '1', url: null },
  jsonLd: {},
  openGraphImage: null,
  seo: { title: 'Does rest help?', description: 'Hardly.', noindex: false },
  related: [],
  commentPolicy: 'ON',
  commentCount: 0,
  comments: { nodes: [] },
  ...changes,
});
