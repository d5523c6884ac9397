// An article, its notes and its references.
import { count } from './grammar';

export const article = {
  writtenBy: 'Written by',
  reviewedBy: 'Reviewed by',
  minutes: (n: number): string => `${n} minute read`,
  news: 'News',
  datesTitle: 'Dates of this page',
  published: 'Published',
  updated: 'Updated',
  reviewed: 'Reviewed',
  nextReview: 'Next review due',
  notYet: 'Not yet',
  noneDue: 'None set',
  overdue: 'Past its review date',
  overdueNote: 'Newer research may say something else: ask a clinician before you rely on it.',
  quickStrong: 'Get help quickly',
  quickSign: (sign: string): string => ` if you notice a warning sign – for example, ${sign}`,
  quickPlain: ' if you notice a warning sign',
  contents: 'On this page',
  risksTitle: 'Risks, and who should take care',
  careTitle: 'When to get help',
  referencesTitle: 'References',
  relatedTitle: 'Read next',
  relatedConditions: 'Related conditions',
  relatedTreatments: 'Related treatments',
  disclaimerTitle: 'Please note',
  correctionsTitle: 'Corrections',
  termsTitle: 'Using this page',
  licence: 'Terms:',
  republish: 'Republish this article',
  republishText: 'You may show this article on your own site by placing this code in a page. It shows the whole text, follows our corrections, and says so when we withdraw it. It sets no cookie.',
  republishCode: 'Code for your page',
  republishPinned: 'Your readers’ browsers run our script only as it is today. When we change it, the code shows a plain link until you copy it again.',
  republishTerms: 'Terms for partner sites, and how to receive our articles by program',
  report: 'Report a problem',
  method: 'How we write and review',
  cardAlt: (title: string, clinic: string): string => `The title “${title}”, and the name of ${clinic}`,
  pictureBy: (credit: string): string => `Picture: ${credit}`,
};

export const note = {
  about: (number: number): string => `About reference ${number}`,
  found: 'What this study found',
  foundOther: 'What this source says',
  flagged: (standing: string, words: string): string => `${standing}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  reference: (number: number): string => `Reference ${number}`,
  people: (n: number): string => count(n, 'person', 'people'),
  missing: 'No source has been found for this claim yet.',
};

export const references = {
  missing: 'Source missing: nobody has found the work that this mark should lead to.',
  cites: 'Cited',
  back: (number: number, section: string | null): string =>
    section ? `Back to reference ${number} in “${section}”` : `Back to reference ${number} at the start of the text`,
  doi: (doi: string): string => `doi:${doi}`,
  pmid: (pmid: string): string => `PubMed ${pmid}`,
  pmcid: (pmcid: string): string => pmcid,
  online: 'Read online',
  locator: (locator: string): string => `Cited at ${locator}.`,
  replacedBy: 'Replaced by:',
  limits: 'Limits:',
};

export const design = {
  SYSTEMATIC_REVIEW: 'Review of studies',
  META_ANALYSIS: 'Pooled analysis of studies',
  RCT: 'Randomised trial',
  NON_RANDOMISED: 'Trial without random groups',
  COHORT: 'Study that followed a group',
  CASE_CONTROL: 'Study that compared cases with others',
  CASE_SERIES: 'Series of cases',
  NARRATIVE_REVIEW: 'Overview by experts',
  MECHANISM: 'Theory of how it might work',
  GUIDELINE: 'Guideline',
  REFERENCE: 'Reference work',
  OTHER: 'Other source',
};

export const status = {
  UNRESOLVED: { name: 'Not confirmed', says: 'Nobody has confirmed yet that this work exists as described.' },
  OK: { name: '', says: '' },
  CORRECTED: { name: 'Corrected', says: 'The publisher has corrected this work since it came out.' },
  EXPRESSION_OF_CONCERN: { name: 'Doubts raised', says: 'The publisher has raised doubts about this work.' },
  RETRACTED: { name: 'Retracted', says: 'The publisher has taken this work back. Do not rely on it.' },
  WITHDRAWN: { name: 'Withdrawn', says: 'This work was withdrawn. Do not rely on it.' },
  SUPERSEDED: { name: 'Out of date', says: 'A newer version of this work exists.' },
};
