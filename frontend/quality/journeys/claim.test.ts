// A partner's one-time link, without scripts: the terms in full, what is missing, and a link that has ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, site } from '../browser.ts';

test('a partner reads the terms, is told what is missing, and then that the link has ended', async () => {
  const browser = await launch();
  const page = await browser.newPage({ javaScriptEnabled: false });
  try {
    await page.goto(`${site}/partners/claim/mrc_0000_0000`);
    assert.match(await page.getByRole('heading', { level: 2 }).first().innerText(), /^Our terms, version/);
    assert.equal(await page.getByRole('checkbox').isChecked(), false);
    await page.getByRole('button', { name: 'Accept and show my key' }).click();
    assert.match(await page.title(), /^Error: Accept our terms/);
    assert.ok(await page.getByRole('alert').evaluate((one) => one === document.activeElement));
    assert.match(await page.getByRole('alert').innerText(), /Enter your name\s+Tick the box/);
    await page.getByLabel('Your name').fill('Bo Lin');
    await page.getByRole('button', { name: 'Accept and show my key' }).click();
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Bo Lin');
    assert.equal(await page.getByRole('checkbox').isChecked(), false);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Accept and show my key' }).click();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'This link no longer works');
    assert.doesNotMatch(await page.content(), /mrd_/);
  } finally {
    await browser.close();
  }
});
