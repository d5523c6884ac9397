// Words from the content, fitted into our own sentences.

/** "A stiff neck" → "a stiff neck", but "GP", "TB" and "I" stay. */
export function midSentence(text: string): string {
  return /^[A-Z](?:[a-z]|\s)/.test(text) && !text.startsWith('I ') ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
