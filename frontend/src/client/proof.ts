// Solves a proof-of-work challenge (ALTCHA version 2, PBKDF2) with the browser's own WebCrypto.
export interface Challenge {
  readonly parameters: {
    readonly algorithm: string;
    readonly nonce: string;
    readonly salt: string;
    readonly cost: number;
    readonly keyLength: number;
    readonly keyPrefix: string;
  };
  readonly signature: string;
}

const ALGORITHM = 'PBKDF2/SHA-256';
/** More than any challenge of ours needs; another one is left alone. */
const MOST = 5_000;
const AT_ONCE = 4;

/** The text that proves the work; null where the browser cannot do it. */
export async function prove(challenge: Challenge): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle;
  const { algorithm, cost, keyLength, keyPrefix } = challenge.parameters;
  if (!subtle || algorithm !== ALGORITHM) return null;
  const nonce = bytes(challenge.parameters.nonce);
  const salt = bytes(challenge.parameters.salt);
  for (let first = 0; first < MOST; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, place) => first + place);
    const keys = await Promise.all(counters.map((counter) => derive(subtle, nonce, counter, salt, cost, keyLength)));
    const found = keys.findIndex((key) => key.startsWith(keyPrefix));
    const derivedKey = keys[found];
    if (derivedKey !== undefined) {
      return btoa(JSON.stringify({ challenge, solution: { counter: first + found, derivedKey } }));
    }
  }
  return null;
}

async function derive(
  subtle: SubtleCrypto,
  nonce: Uint8Array<ArrayBuffer>,
  counter: number,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
  length: number,
): Promise<string> {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  return hex(new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, length * 8)));
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (from: Uint8Array): string => Array.from(from, (byte) => byte.toString(16).padStart(2, '0')).join('');
