import { resolve } from 'node:path';

/** What the environment may say; everything has a default. */
export interface Config {
  /** 0: any free port. */
  readonly port: number;
  /** Absent: loopback only. */
  readonly host?: string;
  readonly dataDir: string;
  readonly production: boolean;
  /** Every event against its schema before it is stored: under test. In service the types of the codecs are what holds. */
  readonly checkEvents: boolean;
  /** An EventStoreDB server instead of the embedded log. */
  readonly eventStoreUrl?: string;
  /** Somebody else's issuer; required in production. */
  readonly oidcIssuer?: string;
  /** Client id of our own pages at that issuer. */
  readonly oidcClientId: string;
  /** How browsers reach this server, without a slash at the end; absent: localhost and the port. */
  readonly publicUrl?: string;
  readonly allowedOrigins: readonly string[];
  /** Fill an empty log with the demo. */
  readonly demo: boolean;
  /** 1: a tenth of the demo; 10: all of it. */
  readonly demoScale: number;
  /** Wraps the keys of personal data, base64; absent: kept in the data folder. */
  readonly masterKey?: string;
  readonly logLevel: string;
  readonly maxInFlight: number;
  readonly deadlineMs: number;
}

/** Something in the environment cannot be; the message says what to do, in both languages. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
}

/** @throws ConfigRefused */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const production = env.NODE_ENV === 'production';
  const oidcIssuer = env.SLUICE_OIDC_ISSUER || undefined;
  if (production && !oidcIssuer) {
    throw new ConfigRefused(
      'NODE_ENV=production 需要设置 SLUICE_OIDC_ISSUER（您自己的 OIDC 签发方）；演示登录不能用于生产。\n' +
        'NODE_ENV=production needs SLUICE_OIDC_ISSUER, an issuer of your own; the demo logins are not for production.',
    );
  }
  return {
    port: wholeNumber('PORT', env.PORT, 4_000, 65_535),
    host: env.HOST || undefined,
    dataDir: resolve(env.SLUICE_DATA_DIR || './data'),
    production,
    checkEvents: env.NODE_ENV === 'test',
    eventStoreUrl: env.SLUICE_EVENTSTORE_URL || undefined,
    oidcIssuer,
    oidcClientId: env.SLUICE_OIDC_CLIENT_ID || 'sluice-console',
    publicUrl: env.SLUICE_PUBLIC_URL?.replace(/\/+$/, '') || undefined,
    allowedOrigins: (env.SLUICE_ALLOWED_ORIGINS ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    demo: !production && !oidcIssuer && env.SLUICE_DEMO !== 'off',
    demoScale: Math.max(1, wholeNumber('SLUICE_DEMO_SCALE', env.SLUICE_DEMO_SCALE, 1, 10)),
    masterKey: env.SLUICE_MASTER_KEY || undefined,
    logLevel: env.SLUICE_LOG_LEVEL || 'warn',
    maxInFlight: wholeNumber('SLUICE_MAX_IN_FLIGHT', env.SLUICE_MAX_IN_FLIGHT, 512, 100_000),
    deadlineMs: wholeNumber('SLUICE_DEADLINE_MS', env.SLUICE_DEADLINE_MS, 10_000, 600_000),
  };
}

function wholeNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new ConfigRefused(
    `${name}=${text}：应为 0 到 ${most} 的整数。\n${name}=${text}: give a whole number from 0 to ${most}.`,
  );
}
