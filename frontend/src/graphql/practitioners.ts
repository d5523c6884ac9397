// Who works at the clinic.
import { ChromeFields, PersonLine } from './fragments';
import { graphql } from './graphql';

export const PractitionersPage = graphql.persisted(
  'sha256:39465bc81e4c23d8170c28d68a0951d970ac0a4601f64b38436a91bff3fe6285',
  graphql(
    `
    query PractitionersPage($after: String) {
      ...ChromeFields
      practitioners(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          specialties
          ...PersonLine
        }
      }
    }
    `,
    [ChromeFields, PersonLine],
  ),
);
