// Readers' way to kept pages: bytes at once while they hold, one question when that is unsure, one rendering when they do not.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { chosen, holds, type Encoding } from './encodings.ts';
import { LONGEST_URL, nameOf } from './addresses.ts';
import type { Kept, Page, Pages, Ticket } from './pages.ts';

/** What a page is made with: it hands what it made to `keep`. */
export interface Making {
  readonly keep: (page: Page) => void;
}

/** Whose request it is, for the API's limits. */
export type AddressOf = (request: IncomingMessage) => string;
export type Render = (request: IncomingMessage, response: ServerResponse, making?: Making) => Promise<void>;
type Fields = readonly string[];

const MOST_URLS = 10_000;

export class Hot {
  private readonly names = new Map<string, string | null>();
  private readonly busy = new Map<string, Promise<void>>();
  private readonly sheets = new WeakMap<Page, Map<Encoding, Fields>>();
  private readonly pages: Pages;
  private readonly standing: Readonly<Record<string, string>>;
  private readonly render: Render;
  private readonly addressOf: AddressOf;

  constructor(pages: Pages, standing: Readonly<Record<string, string>>, render: Render, addressOf: AddressOf) {
    this.pages = pages;
    this.standing = standing;
    this.render = render;
    this.addressOf = addressOf;
  }

  /** Sends the page and tells its name when it is here and holds; the way of nearly every request, so it does little. */
  serve(request: IncomingMessage, response: ServerResponse): string | null {
    const name = this.nameFor(request);
    const page = name === null ? undefined : this.pages.fresh(name, Date.now());
    if (!page) return null;
    this.send(page, request, response);
    return name;
  }

  /** What `serve` did not send: confirmed, made anew, or, where nothing may be kept, just made. */
  async bring(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = this.nameFor(request);
    if (name === null) return this.render(request, response);
    await this.busy.get(name);
    if (this.serve(request, response) !== null) return;
    const kept = this.pages.find(name);
    if (kept && (await this.once(name, () => this.confirmed(name, kept, this.addressOf(request)))) && this.serveKept(name, kept, request, response)) return;
    if (request.method !== 'GET') return this.render(request, response);
    await this.busy.get(name);
    if (this.serve(request, response) !== null) return;
    await this.once(name, () => this.make(this.pages.ticket(name, Date.now()), request, response));
  }

  private nameFor(request: IncomingMessage): string | null {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const url = request.url ?? '';
    if (url.length > LONGEST_URL) return null;
    const known = this.names.get(url);
    if (known !== undefined) return known;
    const name = nameOf(url);
    if (this.names.size >= MOST_URLS) this.names.clear();
    this.names.set(url, name);
    return name;
  }

  /** One at a time for a page: whoever comes meanwhile waits for it. */
  private async once<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const acting = act();
    const settled = acting.then(
      () => undefined,
      () => undefined,
    );
    this.busy.set(name, settled);
    try {
      return await acting;
    } finally {
      if (this.busy.get(name) === settled) this.busy.delete(name);
    }
  }

  private async confirmed(name: string, kept: Kept, readerAddress: string): Promise<boolean> {
    const ticket = this.pages.ticket(name, Date.now());
    try {
      return (await kept.page.confirm(readerAddress)) && this.pages.confirm(ticket, kept);
    } catch {
      return false;
    }
  }

  private serveKept(name: string, kept: Kept, request: IncomingMessage, response: ServerResponse): boolean {
    if (this.pages.find(name) !== kept) return false;
    this.send(kept.page, request, response);
    return true;
  }

  private async make(ticket: Ticket, request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.url = ticket.name;
    await this.render(request, response, { keep: (page) => this.pages.keep(ticket, page) });
  }

  private send(page: Page, request: IncomingMessage, response: ServerResponse): void {
    const { headers } = request;
    const wanted = page.br ? chosen(headers['accept-encoding']) : null;
    const encoding = wanted && page[wanted] ? wanted : null;
    const fields = this.sheet(page, encoding);
    if (page.etag && headers['if-none-match'] && holds(headers['if-none-match'], page.etag)) {
      response.writeHead(304, without(fields) as unknown as OutgoingHttpHeaders).end();
      return;
    }
    response.writeHead(page.status, fields as unknown as OutgoingHttpHeaders);
    response.end(request.method === 'HEAD' ? undefined : ((encoding && page[encoding]) ?? page.plain));
  }

  /** The headers of a page in one encoding, put together once. */
  private sheet(page: Page, encoding: Encoding): Fields {
    const sheets = this.sheets.get(page) ?? new Map<Encoding, Fields>();
    this.sheets.set(page, sheets);
    const known = sheets.get(encoding);
    if (known) return known;
    const body = (encoding && page[encoding]) ?? page.plain;
    // A page's own policy stands instead of the standing one, however either is spelt.
    const all = new Headers({ ...this.standing });
    for (const [header, value] of Object.entries(page.headers)) all.set(header, value);
    all.set('Content-Length', String(body.length));
    if (page.etag) all.set('ETag', `"${page.etag}${encoding ? `-${encoding}` : ''}"`);
    if (encoding) all.set('Content-Encoding', encoding);
    const fields = [...all].flat();
    sheets.set(encoding, fields);
    return fields;
  }
}

function without(fields: Fields): Fields {
  return fields.filter((_, index) => !/^content-(?:length|type|encoding)$/i.test(fields[index - (index % 2)] ?? ''));
}
