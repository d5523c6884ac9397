// Reads `{"name": {"form": "atom|rss|json", "text": …}}` from standard input; writes what feedsmith understood of each.
import { readFileSync } from 'node:fs';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';

const read = { atom: parseAtomFeed, rss: parseRssFeed, json: parseJsonFeed };
const asked = JSON.parse(readFileSync(0, 'utf8'));
const found = Object.fromEntries(Object.entries(asked).map(([name, { form, text }]) => [name, read[form](text)]));
process.stdout.write(JSON.stringify(found));
