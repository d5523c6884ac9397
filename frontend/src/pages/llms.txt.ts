// The site in one plain text for language models: what is here, and how it may be used.
import type { APIContext } from 'astro';
import { IndexPage } from '../graphql/llms';
import { absolute, articlePath, conditionPath, treatmentPath } from '../lib/addresses';
import { ask } from '../lib/api';
import { t } from '../lib/text';

export async function GET(context: APIContext): Promise<Response> {
  const { clinic, articles, conditions, treatments } = await ask(context, IndexPage, {});
  const text = [
    `# ${clinic.name}`,
    `> ${clinic.strapline ?? t.machine.llmsIntro(clinic.name)}`,
    `${t.machine.llmsIntro(clinic.name)} ${t.machine.llmsUse}`,
    section(t.machine.articles, articles.nodes.map((one) => line(one.title, articlePath(one.slug), one.summary))),
    section(t.machine.conditions, conditions.nodes.map((one) => line(one.name, conditionPath(one.slug), one.summary))),
    section(t.machine.treatments, treatments.nodes.map((one) => line(one.name, treatmentPath(one.slug), one.summary))),
    section(t.machine.more, [line(t.machine.about, '/about'), line(t.machine.partners, '/partners')]),
  ].filter(Boolean);
  return new Response(`${text.join('\n\n')}\n`, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

const section = (title: string, lines: readonly string[]): string => (lines.length === 0 ? '' : [`## ${title}`, '', ...lines].join('\n'));

function line(title: string, path: string, summary = ''): string {
  const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return `- [${plain(title).replace(/[[\]]/g, '\\$&')}](${absolute(path)})${summary && `: ${plain(summary)}`}`;
}
