// What the front page asks for: the newest articles and every topic.
import { ArticleLine, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const HomePage = graphql.persisted(
  'sha256:a2f3d040f2bee20529c3aa3c0889d92000a259de3225ead159dd579ccc1e36a9',
  graphql(
    `
    query HomePage {
      ...ChromeFields
      articles(first: 3) { nodes { ...ArticleLine } }
      conditions(first: 100) { nodes { id name slug } }
      treatments(first: 100) { nodes { id name slug } }
    }
    `,
    [ArticleLine, ChromeFields],
  ),
);
