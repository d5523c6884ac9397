// Writes ../schema/operations.json and gives every document the id that it deserves: the sha256 of its own text.
// Beside the site's own operations stand those of the embedded article and of the example partner, each in a file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = fileURLToPath(new URL('../src/graphql', import.meta.url));
const others = ['../../api/syndication/embed/', '../../examples/partner/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const manifest = fileURLToPath(new URL('../../schema/operations.json', import.meta.url));

function tada(...command: string[]): void {
  execFileSync('gql.tada', command, { cwd: root, stdio: 'inherit' });
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The manifest's own text decides the id; the CLI only repeats the id that the source states. */
function settleIds(): void {
  const rows = Object.entries(JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>);
  for (const file of readdirSync(documents).filter((name) => name.endsWith('.ts'))) {
    const path = `${documents}/${file}`;
    const before = readFileSync(path, 'utf8');
    const after = rows.reduce((text, [id, query]) => text.replaceAll(`'${id}'`, `'${sha256(query)}'`), before);
    if (after !== before) writeFileSync(path, after);
  }
}

/** Adds what others send; as text, so that what a program reads from the file has the same hash. */
function addOthers(): void {
  const rows = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  for (const folder of others) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql'))) {
      const text = readFileSync(`${folder}${file}`, 'utf8').trim();
      rows[sha256(text)] = text;
    }
  }
  writeFileSync(manifest, `${JSON.stringify(rows, null, 2)}`);
}

tada('generate-output');
tada('generate-persisted');
settleIds();
tada('generate-persisted');
tada('check', '--fail-on-warn');
addOthers();
