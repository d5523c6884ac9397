// The typed door to the API's schema: documents written with it know their answers and their variables.
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: {
    Date: string;
    DateTime: string;
    JSON: unknown;
    URL: string;
    DOI: string;
    PMID: string;
    PMCID: string;
    ISBN: string;
  };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
