// What a telephone needs to keep the site on its first screen: the clinic's name and icons.
import type { APIContext } from 'astro';
import { ClinicPage } from '../graphql/clinic';
import { ask } from '../lib/api';
import { t } from '../lib/text';

const ICONS = [
  { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
  { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
  { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
  { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
];

export async function GET(context: APIContext): Promise<Response> {
  const { clinic } = await ask(context, ClinicPage, {});
  const manifest = {
    name: clinic.name,
    short_name: clinic.name,
    lang: t.language,
    id: '/',
    start_url: '/',
    scope: '/',
    display: 'browser',
    background_color: '#fcfbf8',
    theme_color: '#0a5559',
    icons: ICONS,
  };
  return new Response(JSON.stringify(manifest), { headers: { 'Content-Type': 'application/manifest+json', 'Cache-Control': 'public, max-age=3600' } });
}
