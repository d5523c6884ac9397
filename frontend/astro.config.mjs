// How the blog is built: every page is rendered on request, nothing is inlined, pictures come ready-made from the API.
import node from '@astrojs/node';
import { defineConfig, passthroughImageService } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'middleware', bodySizeLimit: 65_536 }),
  trailingSlash: 'never',
  // The content security policy allows no inline style, so styles always come as a file.
  build: { inlineStylesheets: 'never' },
  image: { service: passthroughImageService() },
  session: false,
  devToolbar: { enabled: false },
  vite: {
    build: {
      assetsInlineLimit: 0,
      cssTarget: ['safari15', 'ios15', 'chrome109', 'firefox115'],
    },
  },
});
