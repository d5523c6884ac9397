// A member chooses a password by a one-time link.
import { graphql, type ResultOf } from './graphql';

export const AcceptInvitation = graphql.persisted(
  'sha256:ce3f7ef315564773c4c25513b563e9569e169757041fe406efb0d60f41005e30',
  graphql(`
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
      acceptInvitation(input: $input) { userErrors { code field message } }
    }
  `),
);

export type InvitationErrors = NonNullable<ResultOf<typeof AcceptInvitation>['acceptInvitation']>['userErrors'];
