// Where an article stands: under its condition, else its treatment, else among the articles.
import type { Crumb } from '../components/Breadcrumbs/Breadcrumbs.astro';
import { conditionPath, treatmentPath } from './addresses';
import { t } from './text';

interface Named {
  readonly name: string;
  readonly slug: string;
}

export function trail({ conditions, treatments }: { readonly conditions: readonly Named[]; readonly treatments: readonly Named[] }): Crumb[] {
  const [condition] = conditions;
  const [treatment] = treatments;
  if (condition) {
    return [{ label: t.chrome.conditions, href: '/conditions' }, { label: condition.name, href: conditionPath(condition.slug) }];
  }
  if (treatment) {
    return [{ label: t.chrome.treatments, href: '/treatments' }, { label: treatment.name, href: treatmentPath(treatment.slug) }];
  }
  return [{ label: t.chrome.articles, href: '/articles' }];
}
