// Signs the site's calls, so that the API knows them and the reader's address behind them.
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

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

const SIGNED = /^t=(\d{1,10}),ip=([\w.:%]{0,100}),v1=[0-9a-f]{64}$/;

/** Whether the value is what this signer says, or said, of the call: anybody can send the header. */
export function isSigned(sign: Signer, value: string, call: Call): boolean {
  const [, seconds, address] = SIGNED.exec(value) ?? [];
  if (seconds === undefined || address === undefined) return false;
  const expected = sign(call, address, new Date(Number(seconds) * 1000));
  return expected.length === value.length && timingSafeEqual(Buffer.from(expected), Buffer.from(value));
}
