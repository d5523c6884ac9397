// The committed manifest is what the pages send: each id is the hash of its text, and nothing is stale.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync(new URL('../../schema/operations.json', import.meta.url), 'utf8')) as Record<string, string>;
const folder = new URL('../src/graphql/', import.meta.url);

test('every id is the hash of its text', () => {
  for (const [id, text] of Object.entries(manifest)) expect(id).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
});

test('every document of the pages is in the manifest under its own id', async () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  const sent: string[] = [];
  for (const file of files) {
    const documents = Object.values((await import(/* @vite-ignore */ new URL(file, folder).href)) as Record<string, { documentId?: string }>);
    sent.push(...documents.map(({ documentId }) => documentId).filter((id) => id !== undefined));
  }
  expect(sent).toHaveLength(25);
  for (const id of sent) expect(manifest).toHaveProperty([id]);
});
