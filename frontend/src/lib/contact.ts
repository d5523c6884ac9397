// Contact details as people read and tap them.
import type { Clinic } from '../graphql/fragments';
import { t } from './text';

type Address = NonNullable<Clinic['address']>;

export const telephoneLink = (number: string): string => `tel:${number.replace(/[^\d+]/g, '')}`;

export function addressLines({ street, locality, region, postalCode }: Address): string[] {
  const town = [locality, postalCode].filter(Boolean).join(' ');
  return [street, town, region].filter((line): line is string => Boolean(line));
}

/** Where a map shows it: a search by address, which every device can open. */
export function mapLink(address: Address | null, geo: { latitude: number; longitude: number } | null): string | null {
  if (geo) return `https://www.openstreetmap.org/?mlat=${geo.latitude}&mlon=${geo.longitude}#map=17/${geo.latitude}/${geo.longitude}`;
  if (!address) return null;
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(addressLines(address).join(', '))}`;
}

const WEEK = Object.keys(t.contact.days) as (keyof typeof t.contact.days)[];

/** "Monday–Friday", "Saturday", "Monday and Thursday" */
export function daysText(days: readonly string[]): string {
  const positions = days.map(position).filter((index) => index >= 0).sort((a, b) => a - b);
  const first = positions[0] ?? 0;
  const isRun = positions.length > 2 && positions.every((index, step) => index === first + step);
  const names = (isRun ? [first, first + positions.length - 1] : positions).map((index) => t.contact.days[WEEK[index] ?? 'MONDAY']);
  return names.length === 0 ? days.join(', ') : isRun ? names.join(t.contact.to) : t.listed(names);
}

/** However the API spells it: MONDAY, Monday, Mon, Mo. */
function position(day: string): number {
  return WEEK.findIndex((name) => day.length > 1 && name.startsWith(day.toUpperCase()));
}
