// A colleague without an account reviews a draft behind a link: on a phone, without JavaScript, once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launch, site } from '../browser.ts';

const api = process.env['API_URL'] ?? 'http://localhost:8000';
const token = process.env['EDITOR_TOKEN'] ?? '';
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const BODY = `Most neck pain eases by itself. In one trial of 177 people, acupuncture eased pain on movement more than massage in
the short term, but not clearly more than a sham laser [@irnich2001].

## When to get help

See a doctor if the pain does not ease after a few weeks.
`;

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

async function mutate(verb: string, input: Answer, fields: string): Promise<Answer> {
  const name = verb.charAt(0).toUpperCase() + verb.slice(1);
  const data = await ask(`mutation ($input: ${name}Input!) { ${verb}(input: $input) { userErrors { code message } ${fields} } }`, { input });
  assert.deepEqual(data[verb].userErrors, []);
  return data[verb];
}

interface Asked {
  readonly id: string;
  readonly path: string;
}

/** A draft in review, and the path of a link for its reviewer. */
async function reviewable(title: string): Promise<Asked> {
  const known = await ask(`{
    author: practitioner(by: {slug: "maren-holloway"}) { id }
    reviewer: practitioner(by: {slug: "anita-verwood"}) { id }
    condition(by: {slug: "neck-pain"}) { id } treatment(by: {slug: "acupuncture"}) { id }
    article(by: {slug: "neck-pain-and-acupuncture"}) { disclaimers { id } }
  }`);
  const draft = {
    title,
    summary: 'What one trial found, and what it did not.',
    body: { markdown: BODY },
    authors: [known['author'].id],
    conditions: [known['condition'].id],
    treatments: [known['treatment'].id],
    disclaimers: known['article'].disclaimers.map(({ id }: { id: string }) => id),
  };
  const { article } = await mutate('createArticle', draft, 'article { id version }');
  await mutate('submitArticle', { id: article.id, expectedVersion: article.version }, 'article { id }');
  const { url } = await mutate('createReviewLink', { id: article.id, practitioner: known['reviewer'].id }, 'url');
  return { id: article.id, path: new URL(url).pathname };
}

const stageOf = async (id: string): Promise<string> => (await ask('query ($id: ID!) { article(by: {id: $id}) { stage } }', { id }))['article'].stage;

const inOneYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);

describe('a reviewer', { skip: token === '' && 'EDITOR_TOKEN is not set' }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  async function on(path: string, steps: (page: Page) => Promise<void>, javaScriptEnabled = false): Promise<void> {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    try {
      await page.goto(site + path);
      await steps(page);
    } finally {
      await context.close();
    }
  }

  test('reads the text against its sources, corrects a slip, approves, and the link is used up', async () => {
    const { id, path } = await reviewable('A short word on sore shoulders');
    await on(path, async (page) => {
      assert.match(await page.title(), /^Your review: A short word on sore shoulders/);
      assert.match(await page.locator('.notice').innerText(), /You are asked to review this text/);
      assert.match(await page.locator('.gate').innerText(), /A program looked for the commonest faults/);
      assert.doesNotMatch(await page.locator('.gate').innerText(), /REV-001/);
      assert.match(await page.locator('[id="ref-irnich2001"] .results').innerText(), /compared with .+: .+\./);

      await page.getByLabel('I approve this text').check();
      await page.getByLabel('I have looked at the sources again').check();
      await page.getByLabel('Note for the author').fill('Clear & fair.\n"Well" <done>.');
      await page.getByRole('button', { name: 'Send your decision' }).click();

      assert.match(await page.title(), /^Error: Your review/);
      const problems = page.getByRole('alert');
      assert.match(await problems.innerText(), /Give the date by which/);
      assert.ok(await problems.evaluate((one) => one === document.activeElement), 'the summary has the focus');
      assert.ok(await page.getByLabel('I approve this text').isChecked());
      assert.ok(await page.getByLabel('I have looked at the sources again').isChecked());
      assert.equal(await page.getByLabel('Note for the author').inputValue(), 'Clear & fair.\n"Well" <done>.');
      assert.equal(await stageOf(id), 'IN_REVIEW');

      await problems.getByRole('link').click();
      await page.getByLabel('By when should it be reviewed again?').fill(inOneYear);
      await page.getByRole('button', { name: 'Send your decision' }).click();
      assert.match(await page.title(), /^You have approved this text/);
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'You have approved this text');
      assert.match(await page.locator('main').innerText(), /A short word on sore shoulders/);
    });
    assert.equal(await stageOf(id), 'APPROVED');

    await on(path, async (page) => {
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'This review link no longer works');
      assert.equal((await page.reload())?.status(), 404);
      assert.doesNotMatch(await page.locator('main').innerText(), /sore shoulders/);
    });
  });

  test('asks for changes, with JavaScript, too', async () => {
    const { id, path } = await reviewable('Another word on sore shoulders');
    await on(
      path,
      async (page) => {
        await page.getByLabel('I ask for changes').check();
        await page.getByLabel('Note for the author').fill('Say how long the effect lasted.');
        await page.getByRole('button', { name: 'Send your decision' }).click();
        await page.waitForFunction(() => document.title.startsWith('You have asked for changes'));
      },
      true,
    );
    assert.equal(await stageOf(id), 'CHANGES_REQUESTED');
  });

  test('is kept private, and a form from elsewhere is refused', async () => {
    const { id, path } = await reviewable('A private word on sore shoulders');
    const { headers } = await fetch(site + path);
    assert.deepEqual(
      ['cache-control', 'x-robots-tag', 'referrer-policy', 'cache-tag'].map((name) => headers.get(name)),
      ['private, no-store', 'noindex, nofollow', 'same-origin', null],
    );
    for (const origin of ['https://evil.example', 'null']) {
      const body = new URLSearchParams({ outcome: 'CHANGES_REQUESTED' });
      const answer = await fetch(site + path, { method: 'POST', body, headers: { Origin: origin } });
      assert.equal(answer.status, 403);
    }
    assert.equal(await stageOf(id), 'IN_REVIEW');
  });

  test('reads a page that axe finds nothing on and that fits 320 px, also with its problems', async () => {
    const { path } = await reviewable('An accessible word on sore shoulders');
    for (const [width, colorScheme] of [[1280, 'light'], [320, 'dark']] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      const look = async (what: string): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
        assert.deepEqual(found, [], `${what}, ${width} px, ${colorScheme}`);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${what} fits ${width} px`);
        const picture = process.env['PICTURES'];
        if (picture) await page.screenshot({ path: `${picture}/${what}-${width}-${colorScheme}.png`, fullPage: true });
      };
      await page.goto(site + path);
      await look('review');
      await page.getByRole('button', { name: 'Send your decision' }).click();
      await page.getByRole('alert').waitFor();
      await look('review-problem');
      await page.goto(`${site}/review/mrr_ended`);
      await look('review-ended');
      await context.close();
    }
  });
});

test('a member with an old invitation is told what is wrong with a password, and then that the link has ended', async () => {
  const browser = await launch();
  const page = await browser.newPage({ javaScriptEnabled: false });
  const choose = async (password: string, again: string): Promise<void> => {
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('The same password again').fill(again);
    await page.getByRole('button', { name: 'Choose this password' }).click();
  };
  try {
    await page.goto(`${site}/invitation/mri_0000_0000`);
    await choose('short', 'short');
    assert.match(await page.title(), /^Error: Choose your password/);
    assert.ok(await page.getByRole('alert').evaluate((one) => one === document.activeElement));
    await choose('plum ladder sea', 'plum ladder see');
    assert.match(await page.getByRole('alert').innerText(), /not the same/);
    assert.doesNotMatch(await page.content(), /plum ladder/);
    await choose('plum ladder sea', 'plum ladder sea');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'This link no longer works');
  } finally {
    await browser.close();
  }
});
