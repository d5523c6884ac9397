// One article with everything its page says.
import { ArticleFields, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ArticlePage = graphql.persisted(
  'sha256:390bf9e475cbb015cb2d8711d62687c13614a0c7428785bbf7f78809c0450228',
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
