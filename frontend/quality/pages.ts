// Finds one address of every kind of page on the running site, so that no check depends on sample slugs.
import { site } from './browser.ts';

export interface Visit {
  readonly name: string;
  readonly path: string;
}

/** Pages that the usual clinic does not have, by name, as `python -m tests.rarities` says where they are. */
const RARE = Object.entries(JSON.parse(process.env['RARE_PAGES'] || '{}') as Record<string, string>).map(([name, path]) => ({ name, path }));

async function links(path: string, prefix: string): Promise<string[]> {
  const html = await (await fetch(site + path)).text();
  const found = [...html.matchAll(/href="([^"#?]+)"/g)].map(([, href = '']) => href);
  return [...new Set(found.filter((href) => href.startsWith(prefix) && RARE.every(({ path: rare }) => rare !== href)))];
}

async function richest(paths: readonly string[], pattern: RegExp): Promise<string | undefined> {
  const scored = await Promise.all(
    paths.map(async (path) => ({ path, score: [...(await (await fetch(site + path)).text()).matchAll(pattern)].length })),
  );
  return scored.sort((a, b) => b.score - a.score)[0]?.path;
}

export async function pages(): Promise<Visit[]> {
  const article = await richest(await links('/articles', '/articles/'), /id="ref-/g);
  const condition = await richest((await links('/conditions', '/conditions/')).slice(0, 30), /role="rowheader"/g);
  const treatment = await richest((await links('/treatments', '/treatments/')).slice(0, 30), /role="rowheader"/g);
  const [practitioner] = await links('/practitioners', '/practitioners/');
  const found: [string, string | undefined][] = [
    ['home', '/'],
    ['articles', '/articles'],
    ['article', article],
    ['conditions', '/conditions'],
    ['condition', condition],
    ['treatments', '/treatments'],
    ['treatment', treatment],
    ['practitioners', '/practitioners'],
    ['practitioner', practitioner],
    ['contact', '/contact'],
    ['about', '/about'],
    ['search', '/search'],
    ['search-results', '/search?q=pain'],
    ['search-nothing', '/search?q=xyzzyqq'],
    ['partners', '/partners'],
    ['not-found', '/no/such/page'],
    ['preview-ended', '/preview/mrp_ended'],
    ['review-ended', '/review/mrr_ended'],
    ['invitation', '/invitation/mri_example'],
    ['claim', '/partners/claim/mrc_example'],
    ['claim-ended', '/partners/claim/ended'],
  ];
  const usual = found.filter((entry): entry is [string, string] => entry[1] !== undefined).map(([name, path]) => ({ name, path }));
  return [...usual, ...RARE];
}
