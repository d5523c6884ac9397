// Tests of the pieces: run through Astro's own pipeline, so that components render as they do on the site.
import { getViteConfig } from 'astro/config';

export default getViteConfig({
  test: { include: ['tests/**/*.test.ts', 'src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof getViteConfig>[0]);
