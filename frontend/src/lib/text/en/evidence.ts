// What is known, how sure that is, and what can go wrong.

export const evidence = {
  title: 'What is known',
  intro: 'Each line sums up what research says about one result. “How sure” tells how likely it is that new studies would change the picture.',
  method: 'How we judge evidence',
  tableOf: (name: string): string => `What is known about ${name}`,
  comparedWith: 'Compared with',
  outcome: 'Result and time',
  known: 'What is known',
  sure: 'How sure',
  sources: 'Sources',
  source: (number: number, name: string): string => `Reference ${number}, ${name}`,
  guideline: 'Guideline:',
  assessedBy: 'Assessed by',
  none: 'No evidence has been summed up here yet. That does not mean there is none.',
  comparator: {
    NO_TREATMENT: 'No treatment',
    SHAM: 'Sham (pretend) treatment',
    ACTIVE: 'Another treatment',
    USUAL_CARE: 'Usual care',
  },
  direction: {
    FAVOURS: 'in favour of the treatment',
    NO_DIFFERENCE: 'no difference found',
    AGAINST: 'against the treatment',
    INCONCLUSIVE: 'nothing can be concluded',
  },
  findings: 'Results on record',
  noFindings: 'No result of this source is on record yet: please look it up yourself.',
  finding: (comparator: string, timepoint: string | null, direction: string): string =>
    `compared with ${comparator}${timepoint ? `, ${timepoint}` : ''}: ${direction}.`,
  effect: (effect: string): string => `Effect: ${effect}.`,
  interval: (low: number, high: number): string => `95% confidence interval ${low} to ${high}.`,
  pValue: (p: string): string => `P value: ${p}.`,
  timepoint: {
    SHORT_TERM: 'up to 3 months',
    MEDIUM_TERM: '3 to 12 months',
    LONG_TERM: 'a year or more',
  },
  certainty: {
    HIGH: { dots: '●●●●', name: 'High' },
    MODERATE: { dots: '●●●○', name: 'Moderate' },
    LOW: { dots: '●●○○', name: 'Low' },
    VERY_LOW: { dots: '●○○○', name: 'Very low' },
  },
};

export const risks = {
  of: (name: string): string => `Risks of ${name}`,
  happens: 'What can happen',
  takeCare: 'Ask first, or do not have it, if this applies to you',
  notReviewed: 'Risks not yet reviewed here',
  notReviewedNote: (name: string): string =>
    `We have not yet checked what can go wrong with ${name}. Ask your practitioner about risks before you start.`,
  frequency: {
    VERY_COMMON: 'Very common (more than 1 in 10)',
    COMMON: 'Common (up to 1 in 10)',
    UNCOMMON: 'Uncommon (up to 1 in 100)',
    RARE: 'Rare (up to 1 in 1,000)',
    VERY_RARE: 'Very rare (fewer than 1 in 10,000)',
    UNKNOWN: 'How often is not known',
  },
};

export const care = {
  level: {
    EMERGENCY: 'Immediate action:',
    URGENT: 'Urgent advice:',
    NON_URGENT: 'Non-urgent advice:',
    SELF_CARE: 'Self-care:',
  },
  call: 'Call',
  noUrgent: (name: string): string => `Why there is no urgent advice about ${name}`,
};

export const booking = {
  title: 'Talk to someone about it',
  note: 'A first conversation commits you to nothing.',
  withPerson: (name: string): string => `Book with ${name}`,
  withClinic: 'Book an appointment',
};
