// A reader's key of a day: the first 16 bytes of HMAC-SHA256 under its salt. Of two one-shot hashes, for the objects of
// `createHmac` cost more than all else that is done for a kept page.
import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;
const KEY = 16;
const SALT = /^[\x21-\x7e]{1,64}$/;

/** Makes a reader of an article into 16 bytes, written in hex. */
export type KeyOf = (address: string, agent: string, slug: string) => string;

/** The keys under a salt: they tell two readers of a day apart, and nothing else once the salt is gone. */
export function keysUnder(salt: string): KeyOf {
  // Within ASCII a pad is the same bytes as text and in UTF-8, and the salt is no longer than a block.
  if (!SALT.test(salt)) throw new Error('The salt of the day is not what the API promises.');
  const key = Buffer.alloc(BLOCK);
  key.write(salt, 'latin1');
  const inner = Buffer.from(key.map((byte) => byte ^ 0x36)).toString('latin1');
  const outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]);
  return (address, agent, slug) => {
    outer.write(hash('sha256', `${inner}${address}\n${agent}\n${slug}`, 'hex'), BLOCK, 'hex');
    return hash('sha256', outer, 'hex').slice(0, 2 * KEY);
  };
}

/** A key as the API takes it: 22 characters. */
export const written = (key: string): string => Buffer.from(key, 'hex').toString('base64url');
