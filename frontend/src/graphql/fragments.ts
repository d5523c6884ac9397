// The pieces that several pages ask for in the same shape.
import { graphql, type ResultOf } from './graphql';

/** What stands around every page: the clinic's name, its contact details, its standing links. */
export const ChromeFields = graphql(`
  fragment ChromeFields on Query {
    clinic {
      name
      legalName
      strapline
      isSample
      telephone
      email
      bookingUrl
      emergencyNote
      publishingPrinciplesUrl
      complaintsUrl
      privacyUrl
      timezone
      address { street locality region postalCode country }
      openingHours { days opens closes note }
    }
  }
`);

/** One line of a list of articles. */
export const ArticleLine = graphql(`
  fragment ArticleLine on Article {
    id
    slug
    kind
    title
    summary
    publishedAt
    originallyPublishedOn
    updatedAt
    lastReviewed
    isReviewOverdue
    readingMinutes
    conditions { id name slug }
  }
`);

/** Who somebody is and what they may call themselves. */
export const PersonLine = graphql(`
  fragment PersonLine on Practitioner {
    id
    name
    slug
    honorificPrefix
    jobTitle
    profession
    affiliation
    bookingUrl
    photo { src srcset width height alt decorative }
    credentials { kind name recognizedBy identifier url isCurrent }
  }
`);

/** A work as the list of references shows it. */
export const SourceEntry = graphql(`
  fragment SourceEntry on Source {
    id
    key
    reference
    shortName
    year
    doi
    pmid
    pmcid
    url
    n
    population
    limits
    plainSummary
    studyDesign
    status
    statusNote
    supersededBy { key reference shortName doi pmid url }
  }
`);

/** A mark in a text and the work behind it. */
export const CitationEntry = graphql(
  `
    fragment CitationEntry on Citation {
      number
      key
      locator
      marks
      source { ...SourceEntry }
    }
  `,
  [SourceEntry],
);

export const CareFields = graphql(`
  fragment CareFields on CareAdvice { level heading items body phone }
`);

/** What can go wrong with a treatment and who should not have it. */
export const RiskFields = graphql(`
  fragment RiskFields on Treatment {
    name
    slug
    risksReviewed
    contraindications
    adverseOutcomes { text frequency figure source { shortName reference doi pmid url } }
  }
`);

/** One line of the evidence table of a condition or a treatment. */
export const StatementRow = graphql(
  `
    fragment StatementRow on EvidenceStatement {
      id
      outcome
      comparator
      timepoint
      certainty
      certaintyBasis
      summary
      assessedAt
      assessedBy { name slug }
      guideline { body code says }
      treatment { name slug risksReviewed }
      condition { name slug }
      sources { ...SourceEntry }
    }
  `,
  [SourceEntry],
);

export const PictureFields = graphql(`
  fragment PictureFields on MediaAsset { src srcset width height alt decorative caption credit }
`);

/** Everything that an article's page says; the page and the preview of a draft ask the same. */
export const ArticleFields = graphql(
  `
    fragment ArticleFields on Article {
      id
      slug
      kind
      language
      title
      summary
      publishedAt
      originallyPublishedOn
      updatedAt
      lastReviewed
      nextReview
      isReviewOverdue
      readingMinutes
      authors { ...PersonLine }
      reviewedBy { ...PersonLine }
      heroImage { ...PictureFields }
      body {
        blocks { html citationNumbers }
        toc { id level text }
      }
      citations { ...CitationEntry }
      conditions {
        id
        name
        slug
        noUrgentAdviceReason
        careAdvice { ...CareFields }
      }
      treatments { id ...RiskFields }
      disclaimers { key title text }
      corrections { at text }
      licence { name version url }
      jsonLd
      seo { title description noindex }
      openGraphImage
      related(first: 3) { ...ArticleLine }
      commentPolicy
      commentCount
      comments(first: 50) {
        nodes { id body displayName at isRedacted reply { body at } }
      }
    }
  `,
  [ArticleLine, PersonLine, CitationEntry, CareFields, RiskFields, PictureFields],
);

export type Clinic = ResultOf<typeof ChromeFields>['clinic'];
export type ArticleLineData = ResultOf<typeof ArticleLine>;
export type PersonData = ResultOf<typeof PersonLine>;
export type SourceData = ResultOf<typeof SourceEntry>;
export type CitationData = ResultOf<typeof CitationEntry>;
export type CareData = ResultOf<typeof CareFields>;
export type RiskData = ResultOf<typeof RiskFields>;
export type StatementData = ResultOf<typeof StatementRow>;
export type PictureData = ResultOf<typeof PictureFields>;
export type ArticleData = ResultOf<typeof ArticleFields>;
