// Dates as readers write them, in the clinic's time.
import { t } from './text';

const ZONE = 'Europe/London';
const long = new Intl.DateTimeFormat(t.language, { day: 'numeric', month: 'long', year: 'numeric', timeZone: ZONE });
const short = new Intl.DateTimeFormat(t.language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: ZONE });

/** "22 November 2026", never parted at the end of a line. */
export const longDate = (value: string): string => long.format(moment(value)).replaceAll(' ', '\u00a0');

/** "22 Nov 2026" */
export const shortDate = (value: string): string => short.format(moment(value)).replace('Sept', 'Sep');

/** A plain date has no hour: noon keeps it the same day in every zone of Europe. */
function moment(value: string): Date {
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value);
}

/** The day at a moment as the API counts it, such as 2026-11-22. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The same day so many months later; the last of the month where there is no such day. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}
