// What stands at an address that no page of the site answers.
import { ChromeFields } from './fragments';
import { graphql } from './graphql';

export const RoutePage = graphql.persisted(
  'sha256:f0c37e2e23beecab6d7074bd312cea03b7c2aadcad65d4ecf45134108443aadf',
  graphql(
    `
    query RoutePage($path: String!) {
      ...ChromeFields
      route(path: $path) {
        __typename
        ... on Article { slug }
        ... on Condition { slug }
        ... on Treatment { slug }
        ... on Practitioner { slug }
        ... on Moved { path }
        ... on Withdrawn { title explanation at severity replacement { title slug } }
        ... on Gone { reason: explanation at legal }
      }
    }
    `,
    [ChromeFields],
  ),
);
