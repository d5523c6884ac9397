// What the search found, best first.
import { ChromeFields } from './fragments';
import { graphql } from './graphql';

export const SearchPage = graphql.persisted(
  'sha256:501fae72a87c6fda04de4194c5e54077ee0636a4ca7a33c2fde3fa323d492325',
  graphql(
    `
    query SearchPage($query: String!, $after: String, $types: [SearchType!]) {
      ...ChromeFields
      search(query: $query, first: 10, after: $after, types: $types) {
        totalCount
        didYouMean
        pageInfo { hasNextPage endCursor }
        nodes {
          title
          snippet
          item {
            __typename
            ... on Article { slug lastReviewed isReviewOverdue kind }
            ... on Condition { slug }
            ... on Treatment { slug }
            ... on Practitioner { slug jobTitle }
          }
        }
      }
    }
    `,
    [ChromeFields],
  ),
);
