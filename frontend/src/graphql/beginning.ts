// How far a new clinic has come: what the checklist ticks.
import { graphql, type ResultOf } from './graphql';

export const BeginningPage = graphql.persisted(
  'sha256:95629e3ac82282531e697ecb57d99cba861213b6bcf2fd98a11c066916e0d02e',
  graphql(`
    query BeginningPage {
      beginning { hasAdmin hasClinic hasPractitioner hasText }
    }
  `),
);

export type Beginning = ResultOf<typeof BeginningPage>['beginning'];
