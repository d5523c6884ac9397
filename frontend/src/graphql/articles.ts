// One page of the list of articles, with the topics to filter it by.
import { ArticleLine, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ArticlesPage = graphql.persisted(
  'sha256:f8bdd4567717597a502aabaa92a4f1002aa940d46cc1b57d5f14787be0ffcda1',
  graphql(
    `
    query ArticlesPage(
      $first: Int
      $after: String
      $last: Int
      $before: String
      $filter: ArticleFilter
      $orderBy: ArticleOrder!
    ) {
      ...ChromeFields
      articles(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { ...ArticleLine }
      }
      conditions(first: 100) { nodes { id name } }
      treatments(first: 100) { nodes { id name } }
    }
    `,
    [ArticleLine, ChromeFields],
  ),
);
