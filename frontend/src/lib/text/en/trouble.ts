// When a page is not there, not yet there, or cannot be shown.

export const missing = {
  title: 'Page not found',
  text: 'There is no page at this address. Perhaps it was typed or copied with a mistake.',
  ways: 'Or start from one of these lists:',
  goneTitle: 'This page is gone',
  goneText: 'It was removed and will not come back.',
  legalTitle: 'We may not show this page',
  legalText: 'It was removed for legal reasons.',
  withdrawnTitle: (title: string): string => `Withdrawn: ${title}`,
  withdrawnOn: (date: string): string => `We withdrew this article on ${date}.`,
  removedOn: (date: string): string => `Removed on ${date}.`,
  safety: 'We withdrew it for reasons of safety. If you followed what it said, please speak to your practitioner, your GP or 111.',
  why: 'Why',
  instead: 'Please read instead:',
};

export const beginning = {
  title: 'First steps',
  done: (name: string): string => `✓ ${name} (done)`,
  steps: [
    { name: 'First admin', how: 'Open the link that the start printed after "First admin:", and choose a password.' },
    { name: 'The clinic', how: 'Sign in, and send updateClinic with at least its name and its syndicationTerms, the terms for those who republish.' },
    { name: 'A first practitioner', how: 'Send createPractitioner: authors and reviewers are practitioners with credentials.' },
    { name: 'Texts', how: 'Bring old ones in with "python -m api import", or write one with createArticle. The guide is docs/editing.md.' },
    { name: 'A first article', how: 'Have a text reviewed, then publish it with publishArticle. This list is gone then.' },
  ],
};

export const trouble = {
  awayTitle: 'We cannot show this page just now',
  awayText: 'Something behind this site is not answering. Your request was fine. Please try again in a minute.',
  setupTitle: 'This site is being set up',
  setupText: 'There is no clinic here yet. If you run this site, these are your first steps.',
  errorTitle: 'Sorry, something went wrong',
  errorText: 'The mistake is ours and has been noted. Please try again later.',
  emergency: 'If you need medical help now, do not wait for this page: call 111, or 999 if life is in danger.',
};
