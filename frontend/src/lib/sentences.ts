// Words from the content, fitted into our own sentences.

/** "A stiff neck" → "a stiff neck", but "GP", "TB" and "I" stay. */
export function midSentence(text: string): string {
  return /^[A-Z](?:[a-z]|\s)/.test(text) && !text.startsWith('I ') ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** What search shows of a text is cut out of it: where it begins or ends within a sentence, it says so. Marked-up, as the API gives it. */
export function excerpt(html: string): string {
  const plain = html.replace(/<[^>]*>/g, '').trim();
  if (plain === '') return html;
  const isBegun = /^\p{Ll}/u.test(plain);
  const isEnded = /[.!?…][”’"')]*$/.test(plain);
  return `${isBegun ? '… ' : ''}${html.trim()}${isEnded ? '' : ' …'}`;
}

/**
 * Says where a word of more than 20 letters may be parted: after a vowel, before a consonant and another vowel, five
 * letters from its ends. On a telephone it fills a line of a heading, and not every browser hyphenates.
 */
export function parted(title: string): string {
  return title.replace(/\p{L}{21,}/gu, (word) => word.replace(/(?<=.{4}[aeiouy])(?=[^aeiouy][aeiouy].{3})/giu, '\u00ad'));
}
