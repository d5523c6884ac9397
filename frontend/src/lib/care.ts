// Care advice in order of urgency, and the one line that leads to it.
import type { CareData } from '../graphql/fragments';
import { midSentence } from './sentences';

const ORDER: readonly CareData['level'][] = ['EMERGENCY', 'URGENT', 'NON_URGENT', 'SELF_CARE'];

export function isUrgent({ level }: CareData): boolean {
  return level === 'EMERGENCY' || level === 'URGENT';
}

/** Most urgent first; advice that two conditions share is said once. */
export function inOrder(advice: readonly CareData[]): CareData[] {
  const once = new Map(advice.map((entry) => [JSON.stringify([entry.level, entry.items]), entry]));
  return [...once.values()].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
}

/** The first warning sign, as the middle of a sentence: "sudden weakness in arms or legs". */
export function firstSign(advice: readonly CareData[]): string | null {
  const sign = inOrder(advice).find(isUrgent)?.items[0];
  return sign ? midSentence(sign.replace(/[.;,]$/, '')) : null;
}

/** The heading of the first urgent block that the author wrote into the text itself. */
export function urgentHeadingIn(blocks: readonly { readonly html: string }[]): string | null {
  for (const { html } of blocks) {
    const heading = /<section class="care care-(?:emergency|urgent)" aria-labelledby="([^"]+)"/.exec(html)?.[1];
    if (heading) return heading;
  }
  return null;
}

export interface Part {
  readonly text: string;
  readonly href: string | null;
}

/** 999 and 111 become numbers to tap. */
export function dialable(text: string): Part[] {
  return text
    .split(/\b(999|111|112)\b/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, href: /^(?:999|111|112)$/.test(part) ? `tel:${part}` : null }));
}
