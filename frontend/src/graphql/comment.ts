// Forms of readers: a comment, its private link, a reported problem.
import { ChromeFields } from './fragments';
import { graphql, type ResultOf } from './graphql';

export const CommentedArticle = graphql.persisted(
  'sha256:fba6fb80aef4f08d3cc1e5dea40a1a3cf3b589e6a3344dc3f273497f50735046',
  graphql(
    `
    query CommentedArticle($by: ArticleBy!) {
      ...ChromeFields
      article(by: $by) {
        id
        slug
        title
        conditions { name slug }
        treatments { name slug }
        comments(first: 50) { nodes { id displayName } }
      }
    }
    `,
    [ChromeFields],
  ),
);

export const AskForForm = graphql.persisted(
  'sha256:9b4e4e34c36b92e60584519483fa8dbb42b90fae9b8f7c00b2a4bd8832016e18',
  graphql(`
    query AskForForm($article: ID!) {
      commentForm(article: $article) { formToken challenge open consentText { version html } }
    }
  `),
);

export const SendComment = graphql.persisted(
  'sha256:e7b872f748397769e2ef82f5a48f840bfd63d4f2f6bb9ce29c5a5b36baf80d2f',
  graphql(`
    mutation SendComment($input: SubmitCommentInput!) {
      submitComment(input: $input) {
        userErrors { code field message }
        privateLink
        help { kind heading text telephones { label number } }
      }
    }
  `),
);

export const SendReport = graphql.persisted(
  'sha256:70dbc81f975bd3b9f144904aff277528a966292889ef279ee5634e6e40d38e5e',
  graphql(`
    mutation SendReport($input: ReportProblemInput!) {
      reportProblem(input: $input) {
        userErrors { code field message }
        reference
        help { kind heading text telephones { label number } }
      }
    }
  `),
);

export const OwnCommentPage = graphql.persisted(
  'sha256:7d163402fb00d2652c89a04cbb4bdccdde23dd5654c9dcaece64ac4a19435b8f',
  graphql(
    `
    query OwnCommentPage {
      ...ChromeFields
      viewer {
        comment {
          id
          body
          displayName
          at
          status
          reason
          isRedacted
          flags
          consent { textVersion at }
          reply { body at }
          article { slug title }
        }
      }
    }
    `,
    [ChromeFields],
  ),
);

export const EraseComment = graphql.persisted(
  'sha256:2becbfa5a0fd1bb6d412e38203e66e33b85037591727f8de4187d03e543704ed',
  graphql(`
    mutation EraseComment($input: WithdrawCommentInput!) {
      withdrawComment(input: $input) { userErrors { code field message } isErased }
    }
  `),
);

export type CommentedArticleData = NonNullable<ResultOf<typeof CommentedArticle>['article']>;
export type CommentFormData = ResultOf<typeof AskForForm>['commentForm'];
export type HelpData = NonNullable<ResultOf<typeof SendComment>['submitComment']>['help'];
export type OwnCommentData = NonNullable<ResultOf<typeof OwnCommentPage>['viewer']['comment']>;
export type SendErrors = NonNullable<ResultOf<typeof SendComment>['submitComment']>['userErrors'];
