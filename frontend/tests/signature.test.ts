// The signature that the API checks: fixed vectors, so that both sides stay in step.
import { createHmac, hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { signer } from '../src/lib/signature';

const SECRET = 'a secret of at least thirty-two bytes';
const NOW = new Date('2026-11-22T12:00:00.900Z');
const CALL = { method: 'GET', target: '/graphql?documentId=sha256%3Aabc', body: '' };

test('a call is signed as agreed with the API', () => {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(SECRET), Buffer.alloc(0), 'meridian/site', 32));
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const proof = createHmac('sha256', key).update(`1795348800\n203.0.113.9\nGET\n${CALL.target}\n${empty}`).digest('hex');
  expect(signer(SECRET)(CALL, '203.0.113.9', NOW)).toBe(`t=1795348800,ip=203.0.113.9,v1=${proof}`);
});

test('the signature of a known call never changes', () => {
  expect(signer(SECRET)(CALL, '203.0.113.9', NOW)).toBe('t=1795348800,ip=203.0.113.9,v1=c2d992e6caeaf6468da9e05c1ed8d106e4672447d26ba545ac2cfb79493285ac');
});

test.each([
  ['the method', { ...CALL, method: 'POST' }],
  ['the target', { ...CALL, target: '/graphql?documentId=sha256%3Aabd' }],
  ['the body', { ...CALL, body: '{}' }],
])('another %s gives another signature', (_, call) => {
  const sign = signer(SECRET);
  expect(sign(call, '203.0.113.9', NOW)).not.toBe(sign(CALL, '203.0.113.9', NOW));
});
