// One person: training, registers, what they wrote and what they checked.
import { ArticleLine, ChromeFields, PersonLine } from './fragments';
import { graphql } from './graphql';

export const PractitionerPage = graphql.persisted(
  'sha256:fba1a8ac0bd4b90d31c7c482f8bac5beb83b6de0e55ab607a539279ea0c0617b',
  graphql(
    `
    query PractitionerPage($slug: String!) {
      ...ChromeFields
      practitioner(by: { slug: $slug }) {
        bio
        specialties
        sameAs
        conflictOfInterest
        jsonLd
        ...PersonLine
        treats { id name slug }
        offers { id name slug }
        articles(first: 20) { totalCount nodes { ...ArticleLine } }
        reviewed(first: 20) { totalCount nodes { ...ArticleLine } }
      }
    }
    `,
    [ArticleLine, ChromeFields, PersonLine],
  ),
);
