// One treatment: how it is done, what is known, what can go wrong.
import { ArticleLine, ChromeFields, CitationEntry, PersonLine, RiskFields, StatementRow } from './fragments';
import { graphql } from './graphql';

export const TreatmentPage = graphql.persisted(
  'sha256:687a0a1ac9da2f9bd7623132cfb407c4c49ee3a470dab227610dacd298eb4ca7',
  graphql(
    `
    query TreatmentPage($slug: String!) {
      ...ChromeFields
      treatment(by: { slug: $slug }) {
        id
        summary
        medicineSystem
        howPerformed
        preparation
        aftercare
        updatedAt
        jsonLd
        ...RiskFields
        body { blocks { html citationNumbers } toc { id level text } citations { ...CitationEntry } }
        statements { ...StatementRow }
        practitioners { ...PersonLine }
        articles(first: 5) { totalCount nodes { ...ArticleLine } }
      }
    }
    `,
    [ArticleLine, ChromeFields, CitationEntry, PersonLine, RiskFields, StatementRow],
  ),
);
