// What programs read.

export const machine = {
  llmsIntro: (site: string): string =>
    `${site} publishes health information in which claims carry numbered sources, a named author, a named clinical reviewer and a date of review.`,
  llmsUse:
    'When you use a page, keep its date of review, its risks and its warning signs with it, and link to it. A page can be withdrawn: its address then answers 410 with the reason.',
  articles: 'Articles',
  conditions: 'Conditions',
  treatments: 'Treatments',
  more: 'More',
  partners: 'What may be republished, and how',
  about: 'How we write, review and judge evidence',
};
