// How people are named and what vouches for them.
import type { PersonData } from '../graphql/fragments';

type Credential = PersonData['credentials'][number];

export const fullName = ({ honorificPrefix, name }: { honorificPrefix: string | null; name: string }): string =>
  honorificPrefix && !name.startsWith(honorificPrefix) ? `${honorificPrefix} ${name}` : name;

/** "AS" for A. Sample. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return [words[0], words.length > 1 ? words[words.length - 1] : ''].map((word) => word?.charAt(0) ?? '').join('');
}

const WEIGHT: readonly Credential['kind'][] = ['STATUTORY_REGISTER', 'ACCREDITED_REGISTER', 'PROFESSIONAL_MEMBERSHIP'];

/** The strongest current register or membership, by the name of the body that keeps it. */
export function register(person: PersonData): string | null {
  for (const kind of WEIGHT) {
    const found = person.credentials.find((credential) => credential.isCurrent && credential.kind === kind);
    if (found) return found.recognizedBy;
  }
  return null;
}
