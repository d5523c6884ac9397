// The markup of every kind of page is valid HTML by html-validate's standard rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { site } from '../browser.ts';
import { pages } from '../pages.ts';

const validator = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'no-trailing-whitespace': 'off' } });

for (const { name, path } of await pages()) {
  test(`${name} is valid HTML`, async () => {
    const { results } = await validator.validateString(await (await fetch(site + path)).text());
    assert.deepEqual(results.flatMap(({ messages }) => messages).map(({ ruleId, message }) => `${ruleId}: ${message}`), []);
  });
}
