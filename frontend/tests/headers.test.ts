// What every answer says to browsers.
import { expect, test } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from '../src/lib/headers';

test('nothing inline and nothing unsafe is allowed', () => {
  for (const isHttps of [true, false]) expect(contentSecurityPolicy(isHttps)).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
});

test('no script runs, and nobody may frame a page or change its base', () => {
  const policy = contentSecurityPolicy(true);
  for (const rule of ["default-src 'none'", "script-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]) {
    expect(policy.split('; ')).toContain(rule);
  }
});

test('strict transport is promised on https alone', () => {
  expect(securityHeaders(true)['Strict-Transport-Security']).toContain('max-age=');
  expect(securityHeaders(false)).not.toHaveProperty('Strict-Transport-Security');
  expect(contentSecurityPolicy(false)).not.toContain('upgrade-insecure-requests');
});

test('the other headers are there', () => {
  expect(securityHeaders(false)).toMatchObject({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
});
