// What the operator sets: the one place that reads the environment.

export interface Settings {
  /** Where the API answers, as this process reaches it. */
  readonly apiUrl: string;
  /** The address that readers use: the only source of absolute links. */
  readonly publicSiteUrl: string;
  /** Shared with the API: signs the site's calls. Empty means unsigned calls. */
  readonly secretKey: string;
  /** Peers whose X-Forwarded-For is believed, as addresses or networks. */
  readonly trustedProxies: readonly string[];
  readonly host: string;
  readonly port: number;
}

export function readSettings(env: Record<string, string | undefined>): Settings {
  return Object.freeze({
    apiUrl: address(env['API_URL'] ?? 'http://127.0.0.1:8000', 'API_URL'),
    publicSiteUrl: address(env['PUBLIC_SITE_URL'] ?? 'http://localhost:4321', 'PUBLIC_SITE_URL'),
    secretKey: env['SECRET_KEY'] ?? '',
    trustedProxies: (env['TRUSTED_PROXIES'] ?? '').split(',').map((part) => part.trim()).filter(Boolean),
    host: env['HOST'] ?? '127.0.0.1',
    port: port(env['PORT'] ?? '4321'),
  });
}

export const settings = readSettings(process.env);

function address(value: string, name: string): string {
  if (!URL.canParse(value) || !/^https?:/.test(value)) {
    throw new Error(`${name} must be an address such as https://clinic.example, not "${value}".`);
  }
  return new URL(value).origin;
}

function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, not "${value}".`);
  }
  return number;
}
