// One browser for all checks: the one that CHROME names, else one that is installed, else the one inside an npm package.
import { existsSync } from 'node:fs';
import packed from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [process.env['CHROME'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Where the browser lies. */
export async function executable(): Promise<string> {
  return INSTALLED.find((path) => path !== '' && existsSync(path)) ?? packed.executablePath();
}

export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: await executable(), args: ['--no-sandbox', '--disable-dev-shm-usage'], headless: true });
}

export const site = (process.env['SITE_URL'] ?? 'http://localhost:4321').replace(/\/$/, '');
