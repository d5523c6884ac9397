// One article with everything its page says.
import { ArticleFields, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ArticlePage = graphql.persisted(
  'sha256:f1c5bc5bc6ab7a31f51d7ee383da52f06273e72e96cbd50ed569d7103af4c404',
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
