// The A–Z of treatments.
import { ChromeFields } from './fragments';
import { graphql } from './graphql';

export const TreatmentsPage = graphql.persisted(
  'sha256:969c02acaad672fa71f5e337b1e91b7500fc88e19857d5af7e64d7a4572927e6',
  graphql(
    `
    query TreatmentsPage($after: String) {
      ...ChromeFields
      treatments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id name slug summary risksReviewed }
      }
    }
    `,
    [ChromeFields],
  ),
);
