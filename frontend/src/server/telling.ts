// Tells the API who read what on a day: the trusted mutation, signed, by POST.
import { RECORD_VIEWS } from '../graphql/ids.ts';
import { signer } from '../lib/signature.ts';
import type { Day, Tell } from './views.ts';

const PATIENCE = 3_000;
/** The site speaks for itself here, for no reader. */
const OURSELVES = '::1';
const TARGET = '/graphql';

interface Payload {
  readonly data?: { readonly recordViews?: { readonly counting?: { readonly day: string; readonly salt: string; readonly until: string } | null } };
}

export function telling(apiUrl: string, secretKey: string): Tell {
  const sign = signer(secretKey);
  return async (day, seen) => {
    const body = JSON.stringify({ documentId: RECORD_VIEWS, variables: { input: { day, seen } } });
    const response = await fetch(new URL(TARGET, apiUrl), {
      method: 'POST',
      headers: {
        Accept: 'application/graphql-response+json',
        'Content-Type': 'application/json',
        'Meridian-Site': sign({ method: 'POST', target: TARGET, body }, OURSELVES, new Date()),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return dayIn((await response.json()) as Payload);
  };
}

function dayIn({ data }: Payload): Day {
  const counting = data?.recordViews?.counting;
  if (!counting) throw new Error('The API did not take the counts.');
  return { ...counting, until: Date.parse(counting.until) };
}
