// Every word that readers see comes from one place, and every value of the schema has its words.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { t } from '../src/lib/text';

const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
const source = new URL('../src/', import.meta.url);

function values(name: string): string[] {
  const body = new RegExp(`^enum ${name} \\{([\\s\\S]*?)\\}`, 'm').exec(sdl)?.[1] ?? '';
  return [...body.replace(/"""[\s\S]*?"""|"[^"\n]*"/g, '').matchAll(/\b[A-Z][A-Z_]+\b/g)].map(([value]) => value).sort();
}

test.each<[string, Record<string, unknown>]>([
  ['StudyDesign', t.design],
  ['SourceStatus', t.status],
  ['Comparator', t.evidence.comparator],
  ['Timepoint', t.evidence.timepoint],
  ['Direction', t.evidence.direction],
  ['FindingSeverity', t.review.severity],
  ['ReviewOutcome', t.review.outcomes],
  ['Certainty', t.evidence.certainty],
  ['Frequency', t.risks.frequency],
  ['CareLevel', t.care.level],
  ['CredentialKind', t.practitioners.credential],
  ['SearchType', t.search.types],
  ['ArticleOrder', t.articles.orders],
])('every value of %s has its words', (name, words) => {
  expect(values(name).length).toBeGreaterThan(1);
  expect(Object.keys(words).sort()).toEqual(values(name));
});

test('no label is empty but that of a sound source', () => {
  const empty: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (value === '') empty.push(path);
    if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`);
  };
  look(t, 't');
  expect(empty).toEqual(['t.status.OK.name', 't.status.OK.says']);
});

const templates = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.astro'));

test.each(templates)('%s holds no words of its own', (name) => {
  const [, , markup = ''] = readFileSync(new URL(name, source), 'utf8').split(/^---$/m);
  const text = markup
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    .match(/>[^<>{}=;()]*[A-Za-z]{2}[^<>{}=;()]*</g);
  expect(text ?? []).toEqual([]);
  expect(markup.match(/\b(?:aria-label|alt|title|placeholder|label)="[^"]*[a-z][^"]*"/g) ?? []).toEqual([]);
});
