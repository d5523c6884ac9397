// A partner accepts the terms by a one-time link and is shown a key.
import { graphql, type ResultOf } from './graphql';

export const ClaimPartner = graphql.persisted(
  'sha256:7ca302c6bc963bb11a65e5dbaab4d066e28f925b8e3a9a04a9f9f53a099c324f',
  graphql(`
    mutation ClaimPartner($input: ClaimPartnerInput!) {
      claimPartner(input: $input) {
        userErrors { code field message }
        secret
        partnerKey { expiresAt }
        partner { name }
      }
    }
  `),
);

export type Claim = NonNullable<ResultOf<typeof ClaimPartner>['claimPartner']>;
