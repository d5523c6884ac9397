// The lists, and what they lead to.
import { count, listed } from './grammar';

export const articles = {
  title: 'Articles',
  intro: 'What we have written, newest first. Each article names its sources and the clinician who checked it.',
  filterTitle: 'Choose a topic',
  condition: 'Condition',
  treatment: 'Treatment',
  order: 'Sort by',
  allConditions: 'All conditions',
  allTreatments: 'All treatments',
  orders: { NEWEST: 'Newest first', RECENTLY_REVIEWED: 'Last reviewed', TITLE: 'Title' },
  apply: 'Show articles',
  clear: 'Show all articles',
  found: (n: number): string => count(n, 'article', 'articles'),
  none: 'No article fits this choice yet. Choose another topic, or show all articles.',
  empty: 'No article has been published yet.',
  reviewed: (date: string): string => `Reviewed ${date}`,
  published: (date: string): string => `Published ${date}`,
  overdue: 'past its review date',
};

export const pager = {
  title: 'Pages',
  newer: 'Previous page',
  older: 'Next page',
};

export const conditions = {
  title: 'Conditions A to Z',
  intro: 'What each condition is, what is known about its treatments, and when to get help.',
  letters: 'Letters',
  also: (names: readonly string[]): string => `Also called ${listed(names)}`,
  none: 'No condition has been published yet.',
  more: 'More conditions',
  bodyLocation: 'Where',
  symptoms: 'Signs and symptoms',
  causes: 'Causes',
  riskFactors: 'What makes it more likely',
  partOf: 'A kind of',
  kinds: 'Kinds',
  about: (name: string): string => `About ${name}`,
  articles: 'Articles about it',
  allArticles: (n: number): string => `All ${count(n, 'article', 'articles')} about it`,
  practitioners: 'Who treats it here',
  updated: (date: string): string => `Last changed ${date}`,
};

export const treatments = {
  title: 'Treatments A to Z',
  intro: 'How each treatment is done, what research has found, and what can go wrong.',
  none: 'No treatment has been published yet.',
  more: 'More treatments',
  tradition: 'Comes from',
  howPerformed: 'How it is done',
  preparation: 'Before you come',
  aftercare: 'Afterwards',
  practitioners: 'Who offers it here',
};

export const practitioners = {
  title: 'Practitioners',
  intro: 'Who works here, how they trained, and the registers where you can check it.',
  none: 'Nobody is listed yet.',
  more: 'More practitioners',
  credentials: 'Registers and qualifications',
  credential: {
    STATUTORY_REGISTER: 'Register set by law',
    ACCREDITED_REGISTER: 'Accredited register',
    PROFESSIONAL_MEMBERSHIP: 'Professional membership',
    QUALIFICATION: 'Qualification',
    LICENCE: 'Licence',
  },
  check: (name: string): string => `Check the entry: ${name}`,
  number: (identifier: string): string => `number ${identifier}`,
  expired: 'No longer current',
  specialties: 'Special interests',
  treats: 'Treats',
  offers: 'Offers',
  wrote: 'Articles written',
  checked: 'Articles reviewed',
  interests: 'Declared interests',
  noInterests: 'None declared.',
  elsewhere: 'Elsewhere',
  external: 'An outside reviewer: checks our articles and does not treat patients here.',
  noCredentials: 'No register or qualification is recorded here.',
};

export const search = {
  title: 'Search',
  titleFor: (query: string): string => `Search: ${query}`,
  label: 'What are you looking for?',
  hint: 'A condition, a treatment, a person or a few words, such as “neck pain”.',
  button: 'Search',
  in: 'Look in',
  everywhere: 'Everything',
  types: { ARTICLE: 'Articles', CONDITION: 'Conditions', TREATMENT: 'Treatments', PRACTITIONER: 'Practitioners' },
  kinds: { Article: 'Article', Condition: 'Condition', Treatment: 'Treatment', Practitioner: 'Practitioner' },
  results: (n: number, query: string): string => `${count(n, 'result', 'results')} for “${query}”`,
  none: (query: string): string => `Nothing found for “${query}”`,
  noneHelp: 'Check the spelling, use fewer words, or look through the lists:',
  didYouMean: 'Did you mean',
  more: 'More results',
  orLists: 'Or look through the lists:',
};
