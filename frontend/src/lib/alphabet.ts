// An A–Z: names under their first letters.

export interface Letter<Item> {
  readonly letter: string;
  readonly items: readonly Item[];
}

const order = new Intl.Collator('en-GB', { sensitivity: 'base' });

export function alphabet<Item extends { readonly name: string }>(items: readonly Item[]): Letter<Item>[] {
  const letters = new Map<string, Item[]>();
  for (const item of [...items].sort((a, b) => order.compare(a.name, b.name))) {
    const letter = firstLetter(item.name);
    letters.set(letter, [...(letters.get(letter) ?? []), item]);
  }
  return [...letters].map(([letter, found]) => ({ letter, items: found }));
}

function firstLetter(name: string): string {
  const letter = name.normalize('NFD').charAt(0).toUpperCase();
  return /[A-Z]/.test(letter) ? letter : '#';
}
