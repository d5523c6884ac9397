// One article with everything its page says.
import { ArticleFields, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ArticlePage = graphql.persisted(
  'sha256:9b3052627df244e2874f10bc9f81c1783363e07bbd058dc20f9bfe461783f690',
  graphql(
    `
    query ArticlePage($by: ArticleBy!) {
      ...ChromeFields
      article(by: $by) { ...ArticleFields }
    }
    `,
    [ArticleFields, ChromeFields],
  ),
);
