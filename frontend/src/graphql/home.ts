// What the front page asks for: the newest articles and every topic.
import { ArticleLine, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const HomePage = graphql.persisted(
  'sha256:1f1030483f20d701be6f476ead5aa5827c47130dfb29c37a06fcfc8fc4ff1979',
  graphql(
    `
    query HomePage {
      ...ChromeFields
      articles(first: 3, filter: { kind: HEALTH }) { nodes { ...ArticleLine } }
      news: articles(first: 2, filter: { kind: NEWS }) { nodes { ...ArticleLine } }
      conditions(first: 100) { nodes { id name slug } }
      treatments(first: 100) { nodes { id name slug } }
    }
    `,
    [ArticleLine, ChromeFields],
  ),
);
