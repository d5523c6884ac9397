// One condition: what it is, what is known about its treatments, when to get help.
import { ArticleLine, CareFields, ChromeFields, CitationEntry, PersonLine, StatementRow } from './fragments';
import { graphql } from './graphql';

export const ConditionPage = graphql.persisted(
  'sha256:1a0c60215b95e92fc28a388beacdc6b1b5ec284601436457f5762f09d772ad27',
  graphql(
    `
    query ConditionPage($slug: String!) {
      ...ChromeFields
      condition(by: { slug: $slug }) {
        id
        name
        slug
        alternateNames
        summary
        bodyLocation
        causes
        symptoms
        riskFactors
        noUrgentAdviceReason
        updatedAt
        jsonLd
        parent { name slug }
        children { id name slug }
        careAdvice { ...CareFields }
        body { blocks { html citationNumbers } toc { id level text } citations { ...CitationEntry } }
        statements { ...StatementRow }
        practitioners { ...PersonLine }
        articles(first: 5) { totalCount nodes { ...ArticleLine } }
      }
    }
    `,
    [ArticleLine, CareFields, ChromeFields, CitationEntry, PersonLine, StatementRow],
  ),
);
