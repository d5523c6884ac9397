// Every public address with one line about it, for /llms.txt.
import { graphql } from './graphql';

export const IndexPage = graphql.persisted(
  'sha256:a39403831a81a2840ffbdf37ee4009e32b16f2ae64c47a17e047c99a486e0e03',
  graphql(
    `
    query IndexPage {
      clinic { name strapline }
      articles(first: 100) { nodes { slug title summary } }
      conditions(first: 100) { nodes { slug name summary } }
      treatments(first: 100) { nodes { slug name summary } }
    }
    `,
  ),
);
