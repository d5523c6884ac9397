// An article on somebody else's page: the element shows it with who says so, and its removal once it is withdrawn.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, site } from '../browser.ts';

const api = process.env['API_URL'] ?? 'http://localhost:8000';
const token = process.env['EDITOR_TOKEN'] ?? '';
const TITLE = 'We have moved house';
const WORDS = 'Our rooms are on the second floor now.';

type Answer = Record<string, any>;

async function ask(query: string, variables: Answer = {}): Promise<Answer> {
  const response = await fetch(`${api}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Answer; errors?: unknown };
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function mutate(verb: string, input: Answer): Promise<Answer> {
  const name = verb.charAt(0).toUpperCase() + verb.slice(1);
  const fields = 'userErrors { code message } article { id version slug }';
  const data = await ask(`mutation ($input: ${name}Input!) { ${verb}(input: $input) { ${fields} } }`, { input });
  assert.deepEqual(data[verb].userErrors, []);
  return data[verb].article;
}

/** A short piece of news that is live. */
async function published(): Promise<Answer> {
  const { practitioner } = await ask('{ practitioner(by: {slug: "maren-holloway"}) { id } }');
  const news = { title: TITLE, kind: 'NEWS', summary: 'Where to find us.', authors: [practitioner.id], body: { markdown: WORDS } };
  const { id, version } = await mutate('createArticle', news);
  return mutate('publishArticle', { id, expectedVersion: version });
}

/** Somebody else's site, on an origin of its own: it puts on its page what oEmbed gives it. */
function elsewhere(html: () => string): Promise<Server> {
  const page = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Elsewhere</title><body><h1>Elsewhere</h1>${html()}`);
  });
  return new Promise((resolve) => page.listen(0, '127.0.0.1', () => resolve(page)));
}

describe("an article on somebody else's page", { skip: token === '' && 'EDITOR_TOKEN is not set' }, () => {
  let browser: Browser, other: Server, address: string, article: Answer, html: string;

  before(async () => {
    browser = await launch();
    article = await published();
    const offer = await fetch(`${site}/oembed?url=${encodeURIComponent(`${site}/articles/${article['slug']}`)}`);
    html = ((await offer.json()) as { html: string }).html;
    other = await elsewhere(() => html);
    address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  });
  after(async () => {
    await browser.close();
    other.close();
  });

  async function shown(steps: (page: Page, text: string) => Promise<void>): Promise<void> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    try {
      await page.goto(address);
      const element = page.locator('meridian-article');
      await page.waitForFunction(() => {
        const box = document.querySelector('meridian-article')?.shadowRoot?.firstElementChild;
        return box && !box.querySelector('slot');
      });
      await steps(page, await element.locator('div').first().innerText()); // locators look into the shadow
      assert.deepEqual(faults, []);
      assert.deepEqual(await context.cookies(), []);
    } finally {
      await context.close();
    }
  }

  test('it stands there whole, with who says so, and sets no cookie', async () => {
    await shown(async (page, text) => {
      assert.ok(text.includes(WORDS), text);
      assert.match(text, /From .+/);
      const link = page.locator(`meridian-article .meridian-attribution a[href="${site}/articles/${article['slug']}"]`).first();
      assert.ok(await link.isVisible());
      assert.ok(!(await page.locator('meridian-article > blockquote').isVisible()), 'what stood in its place is gone');
    });
  });

  test('once it is withdrawn its words are gone, and the reason stands in their place', async () => {
    const why = 'The address was wrong.';
    const { version } = (await ask('query ($id: ID!) { article(by: {id: $id}) { version } }', { id: article['id'] }))['article'];
    await mutate('unpublishArticle', { id: article['id'], expectedVersion: version, kind: 'WITHDRAWN', explanation: why, severity: 'ROUTINE' });
    await shown(async (page, text) => {
      assert.ok(!text.includes(WORDS), text);
      assert.ok(text.includes(`“${TITLE}” was withdrawn.`), text);
      assert.ok(text.includes(why), text);
      assert.equal(await page.locator('meridian-article').getByRole('status').count(), 1);
    });
  });
});
