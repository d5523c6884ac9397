// What stands around every page, and on the front page.

export const chrome = {
  skip: 'Skip to main content',
  mainMenu: 'Main',
  breadcrumbs: 'You are here',
  home: 'Home',
  conditions: 'Conditions',
  treatments: 'Treatments',
  practitioners: 'Practitioners',
  articles: 'Articles',
  search: 'Search',
  book: 'Book',
  contact: 'Contact',
  about: 'How we review',
  complaints: 'Complaints',
  privacy: 'Privacy',
  partners: 'For partner sites',
  feed: 'Feed of new articles',
  feedOf: (name: string): string => `Articles: ${name}`,
  footer: 'About this site',
  sample: 'A fictional clinic that shows what Meridian does.',
  stale: 'You are reading a copy that we kept. Our newest version cannot be reached at the moment.',
};

export const home = {
  title: 'Health information with its evidence beside it',
  newest: 'Newest articles',
  news: 'News from the clinic',
  all: 'All articles',
  conditionsTitle: 'Conditions A to Z',
  treatmentsTitle: 'Treatments A to Z',
  none: 'Nothing has been published yet. Please come back soon.',
  promise: 'Every claim here names its source, says how sure we can be, and is checked by a clinician who did not write it.',
  promiseLink: 'How we write and review',
};
