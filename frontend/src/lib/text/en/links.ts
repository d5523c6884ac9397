// Pages behind private links, and the forms on them.
import { count } from './grammar';

export const preview = {
  banner: 'Preview. This text is not published: readers cannot see it, and it may still change. Please do not pass the link on.',
  gaps: (n: number): string => `${count(n, 'citation leads', 'citations lead')} to no confirmed source yet:`,
  gone: 'This preview has ended',
  goneText: 'The link has expired or was taken back. Ask the person who sent it for a new one.',
};

export const form = {
  error: (title: string): string => `Error: ${title}`,
  problem: 'There is a problem',
  toStart: 'Go to the front page',
  toContact: 'Contact the clinic',
  away: 'We could not reach the system behind this page, so we do not know whether what you sent has arrived. Please send it again in a minute.',
};

export const review = {
  title: (title: string): string => `Your review: ${title}`,
  banner: 'You are asked to review this text.',
  asked: (name: string, until: string) => `The link is for ${name} and ends on ${until}.`,
  bannerText:
    'It is not published: readers cannot see it. Please read it against its sources and decide at the end of this page. The link is meant for you alone and takes one decision.',
  toForm: 'Go to your decision',
  closed: 'This text is not waiting for your review any more: it was changed or decided on since the link was made. Ask the person who sent the link for a new one.',
  gateTitle: 'What the automatic check says',
  gateClear: 'A program looked for the commonest faults and found none. It cannot judge whether the text is true to its sources.',
  gateIntro: 'A program looked for the commonest faults and found these. It does not decide in your place.',
  severity: { BLOCK: 'Must be mended', WARN: 'Please look at this' },
  rule: (rule: string): string => `Rule ${rule}`,
  waived: (why: string): string => `Let pass: ${why}`,
  formTitle: 'Your decision',
  outcome: 'What do you decide?',
  outcomes: { APPROVED: 'I approve this text', CHANGES_REQUESTED: 'I ask for changes' },
  evidence: 'Evidence',
  evidenceRechecked: 'I have looked at the sources again',
  evidenceHint: 'Leave this empty if you judged the text alone. The record says which it was.',
  nextReview: 'By when should it be reviewed again?',
  nextReviewHint: (suggested: string): string => `Needed when you approve. No later than ${suggested}.`,
  note: 'Note for the author',
  noteHint: 'Optional, up to 1,000 characters. If you ask for changes, say what should change. Please do not write about patients.',
  send: 'Send your decision',
  finality: 'You can send your decision once. It is recorded with your name and the date.',
  errors: {
    outcome: 'Choose whether you approve the text or ask for changes',
    dateMissing: 'Give the date by which the text must be reviewed again',
    dateInvalid: 'The date of the next review must be a real date',
    datePast: 'The date of the next review must be after today',
    dateLate: (latest: string): string => `The date of the next review must be ${latest} or earlier`,
    note: (length: number): string => `The note must be 1,000 characters or fewer: it has ${length.toLocaleString('en-GB')}`,
    changed: 'The text was changed after you opened this page. Read it again as it stands now, then send your decision',
  },
  sent: {
    APPROVED: 'You have approved this text',
    CHANGES_REQUESTED: 'You have asked for changes',
  },
  sentText: 'Thank you. Your decision has arrived.',
  sentNext: {
    APPROVED: 'An editor can now publish the text. Your name will stand on it as its reviewer.',
    CHANGES_REQUESTED: 'The author will read your note. When the text has been changed, somebody may ask you again.',
  },
  sentAbout: 'Text',
  sentDue: 'Next review due',
  sentEvidence: 'Sources looked at again',
  yes: 'Yes',
  no: 'No',
  sentClose: 'The link is used up. You can close this page.',
  gone: 'This review link no longer works',
  goneText: 'It was used, has expired or was copied with a mistake. If you have already sent your decision, it has arrived and there is nothing left to do. Otherwise ask the person who sent the link for a new one.',
};

export const invitation = {
  title: 'Choose your password',
  intro: 'You were given this link so that you can choose a password for your account at this clinic’s editing system.',
  effect: 'The link works once. Sessions that you are signed in with end.',
  password: 'New password',
  passwordHint: '12 to 200 characters. A few words that do not belong together will do.',
  again: 'The same password again',
  send: 'Choose this password',
  errors: {
    missing: 'Enter a password',
    length: 'The password must be 12 to 200 characters',
    differs: 'The two passwords are not the same: enter both again',
  },
  doneTitle: 'Your password is chosen',
  doneText: 'You can sign in with it now. The link is used up, and you can close this page.',
  gone: 'This link no longer works',
  goneText: 'It was used, has expired or was copied with a mistake. If you have already chosen your password by it, you can sign in with that. Otherwise ask an admin for a new link.',
};

export const claim = {
  title: 'Accept our terms and get your key',
  intro: 'You were given this link because you would like to show our articles on your site. Please read the terms in full. They bind your site, not you alone.',
  name: 'Your name',
  nameHint: 'Whoever accepts the terms for your site. We keep your name, the version of the terms and the time.',
  accepted: (clinic: string, version: string): string => `I accept the terms of ${clinic}, version ${version}, for my site.`,
  effect: 'You are then shown a key, once. Have a safe place for it ready. This link ends.',
  send: 'Accept and show my key',
  errors: {
    changed: 'The terms have changed since you opened this page: please read them again',
    name: 'Enter your name',
    nameLength: 'Your name must be 120 characters or fewer',
    accepted: 'Tick the box if you accept the terms',
  },
  doneTitle: 'Your key',
  doneText: (partner: string): string => `Thank you. The terms are accepted for ${partner}.`,
  key: 'The key for your program',
  keyHint: 'Copy it now and keep it secret: it is not shown again. Your program sends it with every request, after the words Authorization: Bearer.',
  until: (date: string): string => `It holds until ${date}. Your program can renew it before then.`,
  sandboxTitle: 'You start in the sandbox',
  sandbox: 'Before real articles, your program rehearses with one that nobody else can see:',
  steps: [
    'It sends rehearse with the step PUBLISH, finds the article by changes, and shows it.',
    'It sends rehearse with the step CORRECT, and shows the corrected text in place of the first.',
    'It sends rehearse with the step RECALL, takes the article down, and sends acknowledgeRecall.',
  ],
  after: 'The sandbox then ends by itself, and your key opens what we agreed.',
  gone: 'This link no longer works',
  goneText: 'It was used, has expired or was copied with a mistake. If you have accepted the terms by it and kept the key, you need no other link. Otherwise ask us for a new one.',
};
