// How a work is described in a few words: its kind, its size, its standing, where to read it.
import type { SourceData } from '../graphql/fragments';
import { t } from './text';

const NO_STUDIES: ReadonlySet<SourceData['studyDesign']> = new Set(['GUIDELINE', 'REFERENCE', 'OTHER', 'NARRATIVE_REVIEW', 'MECHANISM']);
const UNSOUND: ReadonlySet<SourceData['status']> = new Set(['RETRACTED', 'WITHDRAWN', 'EXPRESSION_OF_CONCERN']);

type Identified = Pick<SourceData, 'doi' | 'pmid' | 'url'> & { readonly pmcid?: string | null };

/** "Randomised trial, 177 people, 2001" */
export function kindAndSize(source: Pick<SourceData, 'studyDesign' | 'n' | 'year'>): string {
  const size = source.n === null ? null : t.note.people(source.n);
  return [t.design[source.studyDesign], size, source.year?.toString()].filter(Boolean).join(', ');
}

/** Null while nothing is wrong with it. */
export function saysOf({ status, statusNote }: Pick<SourceData, 'status' | 'statusNote'>): string | null {
  if (status === 'OK') return null;
  const { name, says } = t.status[status];
  const note = statusNote ?? says;
  return note.toLowerCase().startsWith(name.toLowerCase()) ? note : `${name}: ${note}`;
}

/** What the fold under a paragraph is called; of a work that may not be relied on it says so before it is opened. */
export function foldOf({ status, studyDesign }: Pick<SourceData, 'status' | 'studyDesign'>): string {
  const words = NO_STUDIES.has(studyDesign) ? t.note.foundOther : t.note.found;
  return UNSOUND.has(status) ? t.note.flagged(t.status[status].name, words) : words;
}

export interface SourceLink {
  readonly href: string;
  readonly label: string;
}

/** DOI, PubMed, PubMed Central; the plain address only where none of them is known. */
export function linksOf({ doi, pmid, pmcid, url }: Identified): SourceLink[] {
  const links = [
    doi ? { href: `https://doi.org/${encodeURI(doi)}`, label: t.references.doi(doi) } : null,
    pmid ? { href: `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`, label: t.references.pmid(pmid) } : null,
    pmcid
      ? { href: `https://www.ncbi.nlm.nih.gov/pmc/articles/${encodeURIComponent(pmcid)}/`, label: t.references.pmcid(pmcid) }
      : null,
  ].filter((link) => link !== null);
  if (links.length > 0 || !url || !/^https?:/.test(url)) return links;
  return [{ href: url, label: t.references.online }];
}
