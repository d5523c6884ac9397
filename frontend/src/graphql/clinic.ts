// The clinic itself, for the pages about it: contact, about, partners, and every plain page.
import { ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ClinicPage = graphql.persisted(
  'sha256:76d13fa3288a8c9b08416bd82ae28821740a246e43e045015559a8194be97b88',
  graphql(
    `
    query ClinicPage {
      ...ChromeFields
      clinic {
        url
        reviewIntervalMonths
        jurisdiction
        geo { latitude longitude }
        licence { name version url }
        syndicationTerms { version html url }
      }
    }
    `,
    [ChromeFields],
  ),
);
