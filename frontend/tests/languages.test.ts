// A language is a folder of the same type: the type checker names every text that one lacks.
import ts from 'typescript';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../src/lib/text/', import.meta.url));
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

/** Languages as they could be written, each in a folder beside `en`. */
const WRITTEN = {
  other: "{ ...en, language: 'de', home: { ...en.home, title: 'Gesundheit' } }",
  withoutSubject: '(({ home, ...rest }) => rest)(en)',
  withoutText: '{ ...en, home: (({ title, ...rest }) => rest)(en.home) }',
  asksForMore: '{ ...en, titled: (title: number): string => String(title) }',
};
const placeOf = (name: string): string => `${folder}${name}/index.ts`;

describe('a language', () => {
  const said: Record<string, string> = {};

  beforeAll(() => {
    const texts = new Map(
      Object.entries(WRITTEN).map(([name, written]) => [
        placeOf(name),
        `import type { Words } from '..';\nimport { en } from '../en';\nexport const language: Words = ${written};\n`,
      ]),
    );
    const host = ts.createCompilerHost(OPTIONS);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => texts.has(name) || fileExists(name);
    host.getSourceFile = (name, version, ...rest) =>
      texts.has(name) ? ts.createSourceFile(name, texts.get(name) ?? '', version) : getSourceFile(name, version, ...rest);
    const program = ts.createProgram([...texts.keys()], OPTIONS, host);
    for (const name of Object.keys(WRITTEN)) {
      const found = program.getSemanticDiagnostics(program.getSourceFile(placeOf(name)));
      said[name] = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n');
    }
  }, 60_000);

  test('may use other words', () => {
    expect(said['other']).toBe('');
  });

  test('without a subject does not compile', () => {
    expect(said['withoutSubject']).toContain("Property 'home' is missing");
  });

  test('without one text does not compile', () => {
    expect(said['withoutText']).toContain("Property 'title' is missing");
  });

  test('with a sentence that asks for something else than the page says does not compile', () => {
    expect(said['asksForMore']).toContain("Type 'string' is not assignable to type 'number'");
  });
});
