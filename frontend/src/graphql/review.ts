// A draft as its reviewer sees it, and the reviewer's decision.
import { ArticleFields, ChromeFields } from './fragments';
import { graphql, type ResultOf } from './graphql';

export const ReviewPage = graphql.persisted(
  'sha256:47b19a7d9e5354c49335fd7f45a813b8783060548bd0a31a2f238b899f4a25ed',
  graphql(
    `
    query ReviewPage($by: ArticleBy!) {
      ...ChromeFields
      clinic { reviewIntervalMonths }
      viewer { reviewing { reviewer { name } until } }
      article(by: $by) {
        ...ArticleFields
        version
        stage
        gateReport {
          passesForReview
          findings { rule severity message excerpt help fingerprint waiver { why } }
        }
        evidence: citations {
          key
          source { findings { outcome comparator timepoint direction effect ciLow ciHigh p note } }
        }
      }
    }
    `,
    [ArticleFields, ChromeFields],
  ),
);

export const SendReview = graphql.persisted(
  'sha256:20ca0d5522e8c050cff6e5e851a10fe9d3ac91793df631197967fa6c9ba22340',
  graphql(`
    mutation SendReview($input: ReviewArticleInput!) {
      reviewArticle(input: $input) { userErrors { code field message } }
    }
  `),
);

type Answer = ResultOf<typeof ReviewPage>;
export type ReviewedArticle = NonNullable<Answer['article']>;
export type GateReportData = NonNullable<ReviewedArticle['gateReport']>;
export type FindingData = NonNullable<ReviewedArticle['evidence'][number]['source']>['findings'][number];
export type ReviewErrors = NonNullable<ResultOf<typeof SendReview>['reviewArticle']>['userErrors'];
