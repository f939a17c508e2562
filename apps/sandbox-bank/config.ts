import { resolve } from 'node:path';

/** What the environment tells the sandbox bank. */
export interface SandboxConfig {
  /** Its own books and private keys. */
  readonly dataDir: string;
  /** Where both parties publish their keys. */
  readonly exchangeDir: string;
  /** Whole address of the door for notices; absent: notices wait. */
  readonly callbackUrl?: string;
  /** 0: any free one. */
  readonly port: number;
  readonly delayMs: number;
  readonly noticeDelayMs: number;
  /** Ends when its parent does: standard input is a pipe from it. */
  readonly tied: boolean;
}

/** @throws Error with a message for people */
export function readSandboxConfig(env: Readonly<Record<string, string | undefined>>): SandboxConfig {
  const dataDir = resolve(env.SLUICE_SANDBOX_DIR || './data/bank/sandbox');
  return {
    dataDir,
    exchangeDir: resolve(env.SLUICE_SANDBOX_EXCHANGE_DIR || './data/bank'),
    callbackUrl: env.SLUICE_SANDBOX_CALLBACK_URL || undefined,
    port: wholeNumber('SLUICE_SANDBOX_PORT', env.SLUICE_SANDBOX_PORT, 0, 65_535),
    delayMs: wholeNumber('SLUICE_SANDBOX_DELAY_MS', env.SLUICE_SANDBOX_DELAY_MS, 20, 60_000),
    noticeDelayMs: wholeNumber(
      'SLUICE_SANDBOX_NOTICE_DELAY_MS',
      env.SLUICE_SANDBOX_NOTICE_DELAY_MS,
      3_000,
      86_400_000,
    ),
    tied: env.SLUICE_SANDBOX_TIED === '1',
  };
}

function wholeNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Error(
    `${name}=${text}：应为 0 到 ${most} 的整数。\n${name}=${text}: give a whole number from 0 to ${most}.`,
  );
}
