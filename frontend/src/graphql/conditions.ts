// The A–Z of conditions.
import { ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ConditionsPage = graphql.persisted(
  'sha256:92f9eca96c6d125860c4347f4161092c650f2fe7215b1fbf70f4a277b76a2ddd',
  graphql(
    `
    query ConditionsPage($after: String) {
      ...ChromeFields
      conditions(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id name slug summary alternateNames }
      }
    }
    `,
    [ChromeFields],
  ),
);
