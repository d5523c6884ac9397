// The clinic itself: how to reach it, how it works, and what partner sites may do.
import { count } from './grammar';

export const contact = {
  title: 'Contact',
  intro: 'How to reach us, where we are and when we are open.',
  telephone: 'Telephone',
  email: 'E-mail',
  address: 'Address',
  map: 'Show on a map',
  hours: 'Opening hours',
  booking: 'Appointments',
  complaintsTitle: 'If something went wrong',
  complaints: 'Tell us first, by telephone or e-mail. We answer every complaint.',
  complaintsLink: 'How to complain, and who else can help',
  emergencyTitle: 'In an emergency',
  emergency: 'This clinic does not treat emergencies. Call 999 if life is in danger. Call 111 when you need medical help and it is not an emergency.',
  days: {
    MONDAY: 'Monday', TUESDAY: 'Tuesday', WEDNESDAY: 'Wednesday', THURSDAY: 'Thursday',
    FRIDAY: 'Friday', SATURDAY: 'Saturday', SUNDAY: 'Sunday',
  },
  to: '–',
  closed: 'closed',
  none: 'No contact details have been published yet.',
};

export const about = {
  title: 'How we write, review and judge evidence',
  intro: 'What you read here should be true, checked and easy to check again. This page says how we try to keep it so.',
  sections: [
    {
      id: 'principles',
      title: 'What we promise',
      text: [
        'A claim about health names the work that it rests on, and you can follow the number to that work. Where we found no good evidence we say so instead of leaving it out.',
        'We report what speaks against a treatment as plainly as what speaks for it. Nobody pays to be mentioned.',
        'Text is information. It does not replace advice from a clinician who knows you.',
      ],
    },
    {
      id: 'review',
      title: 'How an article comes to be',
      text: [
        'A named practitioner writes it and lists the sources. A program then looks for the commonest faults: a claim without a source, a source that was retracted, wording that promises too much, missing risks or missing warning signs. An article with such a fault cannot be published.',
        'A second clinician, who did not write the text, reads it against its sources and decides. Their name and the date stand at the top of the page.',
        'Every article has a date by which it must be looked at again. When that date has passed the page says so itself.',
      ],
    },
    {
      id: 'evidence',
      title: 'How we judge evidence',
      text: [
        'One study rarely settles a question. So the scale with the dots belongs to everything that is known about one result, never to a single study. It follows GRADE, the method most guideline groups use.',
        'A well-made study that found nothing is as valuable as one that found something. That is why the kind of study has no dots and no colour.',
      ],
    },
    {
      id: 'corrections',
      title: 'When we are wrong',
      text: [
        'We correct in the open: the article says what was wrong and when it was put right. If an article must go, its address keeps telling why it went.',
        'When a publisher takes a study back, every article that cites it says so at the reference at once.',
      ],
    },
    {
      id: 'complaints',
      title: 'Complaints',
      text: ['If a page is wrong, unclear or has hurt you, please tell us. We look into every complaint and answer it.'],
    },
  ],
  scaleTitle: 'The scale',
  scaleHead: { mark: 'Mark', means: 'What it means' },
  scale: {
    HIGH: 'New studies are very unlikely to change what we say.',
    MODERATE: 'What we say is probably right; new studies may change how large the effect looks.',
    LOW: 'The true picture may well be different; new studies are likely to change it.',
    VERY_LOW: 'We can hardly say anything yet.',
  },
  principlesLink: 'Our publishing principles in full',
  complaintsLink: 'How to complain',
  contactLink: 'Contact us',
  reviewInterval: (months: number): string => `No article goes longer than ${count(months, 'month', 'months')} without a new review.`,
};

export const partners = {
  title: 'For partner sites',
  intro: 'You may show our articles on your site. In return, readers must always see a text that is current and whole.',
  rulesTitle: 'What you may do, and what you must keep',
  rulesNote: 'This is the short form. The terms below decide.',
  rules: [
    'Show whole articles. Risks, warning signs, references and the note about medical advice belong to the text and stay in it.',
    'Name us, link to the original page and show the date of its last review.',
    'Fetch changes at least every seven days.',
    'Take an article down when we withdraw it: within 24 hours when it is about safety.',
    'Tell search engines not to list your copy (noindex).',
  ],
  termsTitle: (version: string): string => `Our terms, version ${version}`,
  termsLink: 'The terms on their own page',
  licenceTitle: 'Licence',
  noLicence: 'Our articles stay ours: these terms can be withdrawn, and copies must then go.',
  askTitle: 'How to ask',
  ask: 'Write to us and say who you are, which topics you would like to show and where. We then send you a link to accept the terms and receive a key.',
  askSubject: 'Showing your articles on our site',
  stepsTitle: 'What happens then',
  steps: [
    'We send you a link. It shows the terms; whoever accepts them for your site types their name, and is shown a key.',
    'Your site rehearses with an article that nobody else can see: it is published, corrected and recalled.',
    'Once your site has taken it down and said so, your key opens what we agreed: topics, and full texts or summaries.',
    'From then on your site keeps its copies current. When we withdraw an article, we follow it up with you until your copy is gone.',
  ],
  recallTitle: 'When an article is withdrawn',
  recall: 'Your site is told at once and has 24 hours when it is about safety, seven days otherwise. It then says that its copy is gone, or we look and see that it is. Our editors see which copies are still up.',
  techTitle: 'For your developers',
  tech: 'Articles come through a GraphQL interface with a change log, so that nothing is missed: published, corrected and withdrawn articles all appear in it in order.',
};
