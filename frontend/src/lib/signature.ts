// Signs the site's calls, so that the API knows them and the reader's address behind them.
import { createHash, createHmac, hkdfSync } from 'node:crypto';

export interface Call {
  readonly method: string;
  /** Path and query string, byte for byte as sent. */
  readonly target: string;
  readonly body: string;
}

export type Signer = (call: Call, readerAddress: string, now: Date) => string;

/** The value of the `Meridian-Site` header; the key is derived once. */
export function signer(secretKey: string): Signer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'meridian/site', 32));
  return (call, readerAddress, now) => {
    const seconds = Math.floor(now.getTime() / 1000);
    const digest = createHash('sha256').update(call.body).digest('hex');
    const message = [seconds, readerAddress, call.method, call.target, digest].join('\n');
    const proof = createHmac('sha256', key).update(message).digest('hex');
    return `t=${seconds},ip=${readerAddress},v1=${proof}`;
  };
}
