// Evidence statements in the order that a page tells them, with one numbered list of the works behind them.
import type { CitationData, SourceData, StatementData } from '../graphql/fragments';

export interface Group {
  readonly name: string;
  readonly slug: string;
  readonly rows: readonly StatementData[];
}

/** One table per treatment on a condition's page, per condition on a treatment's. */
export function grouped(statements: readonly StatementData[], by: 'treatment' | 'condition'): Group[] {
  const groups = new Map<string, Group & { rows: StatementData[] }>();
  for (const row of statements) {
    const { name, slug } = row[by];
    const group = groups.get(slug) ?? { name, slug, rows: [] };
    group.rows.push(row);
    groups.set(slug, group);
  }
  return [...groups.values()];
}

/** The works that the text cites keep their numbers; the works behind the tables follow. */
export function bibliography(cited: readonly CitationData[], statements: readonly StatementData[]): CitationData[] {
  const known = new Set(cited.map(({ key }) => key));
  const added: SourceData[] = [];
  for (const source of statements.flatMap(({ sources }) => sources)) {
    if (known.has(source.key)) continue;
    known.add(source.key);
    added.push(source);
  }
  const last = Math.max(0, ...cited.map(({ number }) => number));
  return [
    ...cited,
    ...added.map((source, index) => ({ number: last + index + 1, key: source.key, locator: null, marks: [], source })),
  ];
}
