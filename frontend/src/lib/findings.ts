// What a source found, in words: for those who read a text against its sources.
import type { FindingData, GateReportData, ReviewedArticle } from '../graphql/review';
import { midSentence } from './sentences';
import { t } from './text';

/** By the key of the source. */
export type Findings = ReadonlyMap<string, readonly FindingData[]>;

export const findingsOf = ({ evidence }: Pick<ReviewedArticle, 'evidence'>): Findings =>
  new Map(evidence.flatMap(({ key, source }) => (source ? [[key, source.findings] as const] : [])));

/** "compared with sham (pretend) treatment, up to 3 months: no difference found. 95% confidence interval 1 to 2." */
export function inWords({ comparator, timepoint, direction, effect, ciLow, ciHigh, p, note }: FindingData): string {
  const against = midSentence(t.evidence.comparator[comparator]);
  return [
    t.evidence.finding(against, timepoint && t.evidence.timepoint[timepoint], t.evidence.direction[direction]),
    effect && t.evidence.effect(unended(effect)),
    ciLow !== null && ciHigh !== null && t.evidence.interval(ciLow, ciHigh),
    p && t.evidence.pValue(unended(p)),
    note,
  ]
    .filter(Boolean)
    .join(' ');
}

const unended = (text: string): string => text.replace(/\.$/, '');

/** What the gate found but that a review is missing: that is what its reader is about to decide. */
export const toMend = ({ findings }: Pick<GateReportData, 'findings'>): GateReportData['findings'] =>
  findings.filter(({ rule }) => !rule.startsWith('REV-'));
