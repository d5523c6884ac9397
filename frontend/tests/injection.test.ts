// Two hundred texts that attack pages, in every place of the site where a reader's words stand: no new element, no new attribute.
import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import { beforeAll, expect, test } from 'vitest';
import CommentForm from '../src/components/CommentForm/CommentForm.astro';
import Comments from '../src/components/Comments/Comments.astro';
import ReportForm from '../src/components/ReportForm/ReportForm.astro';

const CORE = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '"><script>alert(1)</script>', "'><img src=x>",
  '</textarea><script>alert(1)</script>', '</title><script>', '</script><script>alert(1)</script>', '<!--<script>-->', 'javascript:alert(1)',
  "<a href='javascript:alert(1)'>x</a>", '<style>@import "x"</style>', '<base href=//x>', '<meta http-equiv=refresh content=0>',
  '<form action=//x><input>', '<details open ontoggle=alert(1)>', '<object data=x>', '{{7*7}}', '${7*7}', '<%= 7*7 %>', '[x](javascript:alert(1))',
  '&lt;script&gt;', '&#60;script&#62;', '\\u003cscript\\u003e', '<scr<script>ipt>', '<SCRIPT SRC=//x>', '<<script>', '" autofocus onfocus=alert(1) x="',
  "' onmouseover='alert(1)", '`onload=alert(1)`', ']]><script>', '--><script>', '<iframe srcdoc="<script>">', '<math><mi xlink:href=x>',
  '</p></article><h1>', '\u2028<script>', '<x onclick=alert(1)>', '</main></body>', '&quot; onclick=&quot;', '<template><script>',
];
const PAYLOADS = CORE.flatMap((text) => [text, `Thank you ${text}`, `${text}\n${text}`, `\t${text} `, 'x'.repeat(40) + text]);
const TAG = /<[a-z!/](?:"[^"]*"|'[^']*'|[^'">])*>/gi;

/** The tags of a page with the names of their attributes, without what those hold. */
const skeleton = (html: string): string[] => (html.match(TAG) ?? []).map((tag) => tag.replaceAll(/="[^"]*"/g, '=""'));

let container: AstroContainer;
beforeAll(async () => {
  container = await AstroContainer.create();
});
type Component = Parameters<AstroContainer['renderToString']>[0];
const render = (component: Component, props: Record<string, unknown>): Promise<string> => container.renderToString(component, { props });

const block = (said: string) => {
  const at = '2026-11-09T10:00:00Z';
  const nodes = [{ id: 'cmt_1', body: said, displayName: said, at, isRedacted: true, reply: { body: said, at } }];
  return { article: { slug: 'sleep', comments: { nodes }, commentCount: 1, commentPolicy: 'ON' }, clinicName: 'Clinic' };
};
const signed = (said: string) => ({ formToken: said, proofOfWork: said, website: said, body: said });
const comment = (said: string) => ({
  action: '/a', draft: { ...signed(said), displayName: said, consent: true, textVersion: said }, problems: [{ field: 'body', text: said }], token: said, form: null,
});
const report = (said: string) => ({ action: '/a', report: { ...signed(said), kind: null, contact: said }, problems: [{ field: 'contact', text: said }], token: said, form: null });

test('there are two hundred of them', () => expect(new Set(PAYLOADS).size).toBe(200));

test.each([
  ['below an article', Comments, block],
  ['in a form that comes back', CommentForm, comment],
  ['in a report that comes back', ReportForm, report],
] as const)('%s they stay text', async (_, component, props) => {
  const plain = skeleton(await render(component, props('Thank you.')));
  expect(plain.length).toBeGreaterThan(5);
  for (const payload of PAYLOADS) expect(skeleton(await render(component, props(payload))), payload).toEqual(plain);
});
