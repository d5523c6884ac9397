// The script for other sites, as pages name it: asked for seldom, and never by many at once.
import { beforeEach, expect, test, vi } from 'vitest';

let embed: typeof import('../src/lib/embed');
let asked = 0;
let says: () => Promise<Response>;

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  asked = 0;
  vi.stubGlobal('fetch', () => {
    asked += 1;
    return says();
  });
  embed = await import('../src/lib/embed');
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

test('an API that does not say it makes no page wait again for ten seconds, and many at once wait for one answer', async () => {
  says = () => Promise.reject(new Error('away'));
  const first = await Promise.all([embed.embedScript(), embed.embedScript()]);
  vi.advanceTimersByTime(9_999);
  expect([first[0], await embed.embedScript(), asked]).toEqual([{ path: '/embed.js', integrity: null }, first[1], 1]);
  says = () => Promise.resolve(new Response('script'));
  vi.advanceTimersByTime(1);
  const named = embed.named(Buffer.from('script'));
  expect([await embed.embedScript(), asked]).toEqual([named, 2]);
  says = () => Promise.resolve(new Response('newer'));
  vi.advanceTimersByTime(59_999);
  expect(await embed.embedScript()).toEqual(named);
  vi.advanceTimersByTime(1);
  expect(await embed.embedScript()).toEqual(embed.named(Buffer.from('newer')));
});
