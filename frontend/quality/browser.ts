// One browser for all checks: the one that CHROME names, else one that is installed, else the one inside an npm package.
import { existsSync } from 'node:fs';
import packed from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [process.env['CHROME'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

export async function launch(): Promise<Browser> {
  const installed = INSTALLED.find((path) => path !== '' && existsSync(path));
  const executablePath = installed ?? (await packed.executablePath());
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'], headless: true });
}

export const site = (process.env['SITE_URL'] ?? 'http://localhost:4321').replace(/\/$/, '');
