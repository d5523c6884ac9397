// Going through a page without a mouse.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Presses Tab until the focus is where `where` says, as somebody without a mouse would; or Shift and Tab, to go back. */
export async function tabTo(page: Page, where: string, key: 'Tab' | 'Shift+Tab' = 'Tab', most = 120): Promise<void> {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, where)) return;
  }
  assert.fail(`${most} steps did not lead to ${where} on ${page.url()}`);
}
