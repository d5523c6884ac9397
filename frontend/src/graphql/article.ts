// One article with everything its page says.
import { ArticleFields, ChromeFields } from './fragments';
import { graphql } from './graphql';

export const ArticlePage = graphql.persisted(
  'sha256:f2452df82c66c2a4e0b6a86090121d488b8826c4cea1f706cbfa1b9a7d35489b',
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
