// The styles keep to the browser floor (Safari 15, Chrome 109, Firefox 115), and the templates to the security policy.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../src/', import.meta.url);
const files = (ending: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

test.each(files('.css'))('%s uses nothing that the oldest browsers lack', (name) => {
  const css = read(name).replace(/\/\*[\s\S]*?\*\//g, '');
  expect(css).not.toMatch(/light-dark\(|:has\(|@container|@layer|color-mix\(|oklch\(|@property|\bsubgrid\b|\b(?:dvh|svh|lvh|cqi)\b/);
  expect(css, 'no nesting').not.toMatch(/\{[^{}]*&[\s:.>]/);
  expect(css, 'no media range syntax').not.toMatch(/@media[^{]*[<>]=?/);
});

test('every component’s sheet is part of the one sheet', () => {
  const sheet = read('styles/site.css');
  for (const name of files('.css').filter((one) => one.startsWith('components/'))) expect(sheet).toContain(`"../${name}"`);
});

/** A script that is a file of the site's own, built by its address; the policy of the page allows no other. */
const OWN_FILE = /<script>\s*import '\.\.\/\.\.\/client\/\w+';\s*<\/script>/g;

test.each(files('.astro'))('%s has no inline style and no script in itself', (name) => {
  expect(read(name).replaceAll(OWN_FILE, '')).not.toMatch(/\sstyle=|<style|\son[a-z]+=["{]|<script(?! is:inline type="application\/ld\+json")/);
});
