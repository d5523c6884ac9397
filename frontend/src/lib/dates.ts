// Dates as readers write them, in the clinic's time.

const ZONE = 'Europe/London';
const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: ZONE });
const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: ZONE });

/** "22 November 2026" */
export const longDate = (value: string): string => long.format(moment(value));

/** "22 Nov 2026" */
export const shortDate = (value: string): string => short.format(moment(value)).replace('Sept', 'Sep');

/** A plain date has no hour: noon keeps it the same day in every zone of Europe. */
function moment(value: string): Date {
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value);
}
