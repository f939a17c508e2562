import { resolve } from 'node:path';
import { asId, type TenantId } from '#libs/kernel/ids/index.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';

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
  /** Who stands behind the channel `operator`. */
  readonly bank: BankChoice;
  /** Those that have an agreement with it. */
  readonly tenants: readonly TenantId[];
}

/** The sandbox as a child process, the institution at an address, or nobody. */
export type BankChoice =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'partner'; readonly url: string }
  | { readonly kind: 'none' };

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
    bank: bankChoice(env.SLUICE_BANK_URL, production),
    tenants: (env.SLUICE_BANK_TENANTS || DEMO_TENANT)
      .split(',')
      .map((tenant) => asId<'tenant'>(tenant.trim()))
      .filter(Boolean),
  };
}

/** `off`: nobody. The sandbox is never a default in production. */
function bankChoice(text: string | undefined, production: boolean): BankChoice {
  if (!text) return production ? { kind: 'none' } : { kind: 'sandbox' };
  if (text === 'off') return { kind: 'none' };
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && !production)))
    return { kind: 'partner', url: text.replace(/\/+$/, '') };
  throw new ConfigRefused(
    `SLUICE_BANK_URL=${text}：应为合作机构的 https 地址，或 off。\n` +
      `SLUICE_BANK_URL=${text}: give the institution's https address, or off.`,
  );
}

function wholeNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new ConfigRefused(
    `${name}=${text}：应为 0 到 ${most} 的整数。\n${name}=${text}: give a whole number from 0 to ${most}.`,
  );
}
