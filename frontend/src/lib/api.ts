// Asks the API: trusted documents by GET, signed, revalidated by ETag, with the last good answer when it is away.
// Tells it what somebody decided: trusted mutations by POST, signed, never repeated and never remembered.
import type { TadaDocumentNode } from 'gql.tada';
import type { Clinic } from '../graphql/fragments';
import { answers, type Remembered } from './answers';
import { settings } from './settings';
import { type Share, shareOf } from './shares';
import { signer, type Call, type Signer } from './signature';
import { tagsOf } from './tags';

/** The API did not answer in time, or said that it cannot. */
export class ApiAway extends Error {
  override name = 'ApiAway';
}

/** The API understood the question and refuses it; `code` is its own. */
export class ApiRefused extends Error {
  override name = 'ApiRefused';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What of a request matters to the question; a page passes `Astro`. */
export interface Asker {
  readonly locals: Pick<App.Locals, 'readerAddress' | 'stale' | 'cacheTags' | 'questions' | 'heard'>;
}

export interface Manner {
  /** A link's token, to preview or to review: the answer is private and never remembered. */
  readonly token?: string;
  /** False for answers that should not be kept about a reader. */
  readonly remember?: false;
}

/** An answer that is worth remembering if the page made from it stands. */
export interface Heard {
  readonly key: string;
  readonly answer: Remembered;
  readonly epoch: number;
}

/** What was asked for a page, and what the answer was known by: enough to ask whether it still holds. */
export interface Question {
  readonly url: URL;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly etag: string;
}

const PATIENCE = 5_000;
/** After a failed attempt the next readers need not wait as long as the first one did. */
const AWAY_FOR = 2_000;
const AWAY_CODES = new Set(['UNAVAILABLE', 'THROTTLED', 'INTERNAL', 'PERSISTED_DOCUMENT_NOT_FOUND']);

const sign: Signer | null = settings.secretKey ? signer(settings.secretKey) : null;
let awayUntil = 0;
let knownClinic: Clinic | null = null;

/** The clinic as last heard of: an error page can still say how to telephone. */
export const lastClinic = (): Clinic | null => knownClinic;

export async function ask<Result, Variables>(
  asker: Asker,
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
  manner: Manner = {},
): Promise<Result> {
  const given = definite(variables);
  const url = addressOf(document, given);
  const key = url.search;
  const isPublic = manner.token === undefined;
  const known = isPublic ? answers.find(key, Date.now()) : undefined;
  const { epoch } = answers;
  try {
    const fresh = await fetchAnswer(url, given, asker.locals.readerAddress, manner, known);
    if (isPublic && fresh.etag !== '' && manner.remember !== false) asker.locals.heard.push({ key, answer: fresh, epoch });
    asker.locals.questions.push({ url, variables: given, etag: isPublic ? fresh.etag : '' });
    return note(asker, fresh) as Result;
  } catch (error) {
    if (!(error instanceof ApiAway) || !known || answers.find(key, Date.now()) === undefined) throw error;
    asker.locals.stale = true;
    return note(asker, known) as Result;
  }
}

/**
 * Remembers what a page was made from, in the page's share. Of addresses at which nothing is, and of choices that nobody
 * offers, there is no end: nothing is remembered for them.
 */
export function remember({ heard, share }: Pick<App.Locals, 'heard' | 'share'>, status: number): void {
  const kept: Share | null = shareOf(status, share);
  if (kept === null) return;
  for (const { key, answer, epoch } of heard) if (epoch === answers.epoch) answers.keep(key, answer, kept);
}

/** Whether the API would answer every one of these as it did. */
export async function confirmed(questions: readonly Question[], readerAddress: string): Promise<boolean> {
  const held = await Promise.all(
    questions.map(async ({ url, variables, etag }) => {
      if (etag === '') return false;
      const known: Remembered = { etag, data: null, tags: [], confirmedAt: 0 };
      const holds = (await fetchAnswer(url, variables, readerAddress, {}, known)).data === null;
      if (holds) answers.confirm(url.search, etag, Date.now());
      return holds;
    }),
  );
  return held.every(Boolean);
}

/** Sends a mutation once. When the API is away nobody knows whether it was done: the page must say so. */
export async function tell<Result, Variables>(
  asker: Asker,
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
  manner: Pick<Manner, 'token'> = {},
): Promise<Result> {
  const url = new URL('/graphql', settings.apiUrl);
  const body = JSON.stringify({ documentId: idOf(document), variables });
  const headers = { ...headersFor({ method: 'POST', target: url.pathname, body }, asker.locals.readerAddress, manner), 'Content-Type': 'application/json' };
  return (await read(await send(url, { method: 'POST', headers, body }))) as Result;
}

function idOf(document: object): string {
  const id = (document as { documentId?: string }).documentId;
  if (!id) throw new Error('Only trusted documents are sent: wrap the document in graphql.persisted().');
  return id;
}

function addressOf(document: object, given: Readonly<Record<string, unknown>>): URL {
  const url = new URL('/graphql', settings.apiUrl);
  url.searchParams.set('documentId', idOf(document));
  if (Object.keys(given).length > 0) url.searchParams.set('variables', JSON.stringify(given));
  return url;
}

/** Leaves out what is null and sorts the rest, so that one question has one address. */
function definite(variables: unknown): Record<string, unknown> {
  const entries = Object.entries((variables ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, value]) => value != null).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function fetchAnswer(
  url: URL,
  variables: Readonly<Record<string, unknown>>,
  readerAddress: string,
  manner: Manner,
  known?: Remembered,
): Promise<Remembered> {
  if (Date.now() < awayUntil) throw new ApiAway('The API was away a moment ago.');
  const call = { method: 'GET', target: url.pathname + url.search, body: '' };
  const response = await send(url, { headers: headersFor(call, readerAddress, manner, known) });
  if (response.status === 304 && known) return { ...known, confirmedAt: Date.now() };
  const data = await read(response);
  return {
    data,
    etag: response.headers.get('etag') ?? '',
    tags: tagsOf(variables, data, response.headers.get('cache-tag')),
    confirmedAt: Date.now(),
  };
}

async function send(url: URL, request: Pick<RequestInit, 'method' | 'headers' | 'body'>): Promise<Response> {
  try {
    const response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    if (response.status < 500 && response.status !== 429) return response;
    await response.body?.cancel();
    throw new ApiAway(`The API answered ${response.status}.`);
  } catch (error) {
    if (!(error instanceof ApiAway)) awayUntil = Date.now() + AWAY_FOR;
    console.error(`The API is away: ${error instanceof Error ? error.message : String(error)}`);
    throw error instanceof ApiAway ? error : new ApiAway('The API could not be reached.', { cause: error });
  }
}

function headersFor(call: Call, readerAddress: string, manner: Manner, known?: Remembered): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/graphql-response+json' };
  if (manner.token !== undefined) headers['Authorization'] = `Bearer ${manner.token}`;
  if (known) headers['If-None-Match'] = known.etag;
  if (sign) headers['Meridian-Site'] = sign(call, readerAddress, new Date());
  return headers;
}

interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

async function read(response: Response): Promise<unknown> {
  const payload = await json(response);
  const refusal = payload.errors?.[0];
  if (!refusal && payload.data) return payload.data;
  const code = refusal?.extensions?.code ?? 'INTERNAL';
  const message = refusal?.message ?? `The API answered ${response.status} without data.`;
  if (AWAY_CODES.has(code)) {
    console.error(`The API cannot answer: ${code} ${message}`);
    throw new ApiAway(message);
  }
  throw new ApiRefused(code, message);
}

async function json(response: Response): Promise<Payload> {
  try {
    return (await response.json()) as Payload;
  } catch (error) {
    throw new ApiAway('The API sent something that is no JSON.', { cause: error });
  }
}

function note(asker: Asker, answer: Remembered): unknown {
  for (const tag of answer.tags) asker.locals.cacheTags.add(tag);
  const { clinic } = answer.data as { clinic?: Clinic };
  if (clinic && 'openingHours' in clinic) knownClinic = clinic;
  return answer.data;
}
