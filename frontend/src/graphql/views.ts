// The server tells who read what on a day, as keys that nobody can turn back. Sent by ../server/views.ts, which knows it by its id.
import { graphql } from './graphql';

export const RecordViews = graphql.persisted(
  'sha256:4434816b0f0c96b872e0df2b02a3bfa7accc3d4e80862c0e4d0f6335abed6bab',
  graphql(`
    mutation RecordViews($input: RecordViewsInput!) {
      recordViews(input: $input) {
        userErrors { code message }
        counting { day salt until }
      }
    }
  `),
);
