// Claims in the text, evidence beside it: which block gets a note, and where each mark stands.
import type { CitationData } from '../graphql/fragments';

export interface Block {
  readonly html: string;
  readonly citationNumbers: readonly number[];
}

export interface NotedBlock {
  readonly html: string;
  readonly note: CitationData | null;
}

/** A block that is the first to cite a source carries its note; one note a block, the rest stand in the list. */
export function withNotes(blocks: readonly Block[], citations: readonly CitationData[]): NotedBlock[] {
  const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
  const seen = new Set<number>();
  return blocks.map(({ html, citationNumbers }) => {
    const fresh = citationNumbers.filter((number) => !seen.has(number));
    for (const number of fresh) seen.add(number);
    const noted = fresh.map((number) => byNumber.get(number)).find((citation) => citation && isTelling(citation));
    return { html: closed(html), note: noted ?? null };
  });
}

/** A mark stands close to the word that it belongs to, whatever space the author left before it. */
const closed = (html: string): string => html.replace(/[ \u00a0]+(?=<sup class="cite)/g, '');

/** A note is worth its place when it says what the source found, or that it cannot be relied on. */
function isTelling({ source }: CitationData): boolean {
  return source !== null && (Boolean(source.plainSummary) || source.status !== 'OK');
}

export interface Mark {
  readonly id: string;
  /** a, b, c … */
  readonly letter: string;
  /** The heading that the mark stands under; null before the first one. */
  readonly section: string | null;
}

/** The marks of one source in reading order, each with its letter and its section. */
export function marksOf(citation: CitationData, sections: ReadonlyMap<string, string>): Mark[] {
  return citation.marks.map((id, index) => ({ id, letter: letter(index), section: sections.get(id) ?? null }));
}

/** Which heading each mark stands under, read off the blocks. */
export function sectionsOfMarks(blocks: readonly Block[]): Map<string, string> {
  const sections = new Map<string, string>();
  let heading = '';
  for (const { html } of blocks) {
    heading = headingText(html) ?? heading;
    if (heading) for (const [, id = ''] of html.matchAll(/\bid="(cite-[^"]+)"/g)) sections.set(id, heading);
  }
  return sections;
}

function headingText(html: string): string | null {
  const inner = /^<h[2-4]\b[^>]*>(.*?)<\/h[2-4]>$/s.exec(html.trim())?.[1];
  return inner === undefined ? null : unescape(inner.replace(/<sup\b.*?<\/sup>/gs, '').replace(/<[^>]+>/g, '')).trim();
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
const unescape = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => ENTITIES[name] ?? '');

function letter(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? letter(rest - 1) : '') + String.fromCharCode(97 + (index % 26));
}

export interface Segment {
  readonly html: string;
  readonly note: CitationData;
  /** What follows until the next noted block. */
  readonly after: string;
}

/** Cuts a text where notes begin, so that each note can stand beside its block. */
export function segments(blocks: readonly NotedBlock[]): { before: string; noted: Segment[] } {
  let before = '';
  const noted: Segment[] = [];
  for (const { html, note } of blocks) {
    const last = noted.pop();
    if (note) noted.push(...(last ? [last] : []), { html, note, after: '' });
    else if (last) noted.push({ ...last, after: last.after + html });
    else before += html;
  }
  return { before, noted };
}
