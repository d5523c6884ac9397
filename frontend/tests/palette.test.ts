// Every text on every ground it stands on reads at 7:1 or better, in both palettes.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../src/styles/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

function palette(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', colour = '']) => [name, colour]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [brighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (brighter + 0.05) / (darker + 0.05);
}

const READ: [text: string, grounds: string[]][] = [
  ['ink', ['paper', 'raised', 'wash', 'care-wash']],
  ['soft', ['paper', 'raised', 'wash']],
  ['accent', ['paper', 'raised', 'wash', 'care-wash']],
  ['care', ['paper', 'care-wash']],
  ['on-book', ['book']],
  ['book', ['on-book']],
  ['paper', ['accent']],
];
const EDGES: [edge: string, grounds: string[]][] = [['edge', ['paper', 'raised', 'wash']]];

describe.each([
  ['light', palette(light)],
  ['dark', palette(dark)],
])('the %s palette', (_, colours) => {
  const pairs = (list: typeof READ): [string, string][] => list.flatMap(([front, grounds]) => grounds.map((ground): [string, string] => [front, ground]));

  test.each(pairs(READ))('%s on %s reads at 7:1 or better', (text, ground) => {
    expect(contrast(colours[text] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(7);
  });

  test.each(pairs(EDGES))('the %s of a field stands out from %s at 3:1 or better', (edge, ground) => {
    expect(contrast(colours[edge] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(3);
  });
});

test('both palettes name the same colours', () => {
  expect(Object.keys(palette(dark)).sort()).toEqual(Object.keys(palette(light)).sort());
});

test('the palettes know 7:1 from less: black on white is 21:1, grey on white is not enough', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeLessThan(4.6);
});
