// What a page costs the API: one question when nobody has asked for it, none when it is kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apart, type Apart } from '../apart.ts';
import { pages } from '../pages.ts';

let alone: Apart;
const questions = (): string[] => alone.asked().filter((target) => target.startsWith('/graphql'));

before(async () => {
  alone = await apart();
});
after(() => alone.end());

for (const kind of ['article', 'article-40-references', 'condition', 'treatment', 'home', 'articles']) {
  test(`${kind}: one question when cold, none when hot`, async (context) => {
    const visit = (await pages()).find(({ name }) => name === kind);
    if (!visit) return context.skip('the clinic has no such page');
    const before = questions().length;
    assert.equal((await fetch(alone.url + visit.path)).status, 200);
    assert.equal(questions().length - before, 1);
    // At once: this site hears no worker, and would soon ask whether the page still holds.
    const kept = await Promise.all(Array.from({ length: 5 }, () => fetch(alone.url + visit.path)));
    assert.deepEqual(kept.map(({ headers }) => headers.get('meridian-cache')), Array(5).fill('hit'));
    assert.equal(questions().length - before, 1);
  });
}
