import type { Agreement } from '#libs/http-signatures/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { Nonces } from '#libs/security/port/index.js';

export interface SandboxBankOptions {
  /** Exists; the books are kept in it. */
  readonly dataDir: string;
  /** 0: any free port of the loopback interface. */
  readonly port: number;
  /** Whole address that notices are posted to. */
  readonly callbackUrl: () => string | undefined;
  /** As the institution sees it. */
  readonly agreement: Agreement;
  readonly nonces: Pick<Nonces, 'claim'>;
  readonly runtime: Runtime;
  /** Before an operation is taken; default 20 ms. */
  readonly delayMs?: number;
  /** Between a promise and what comes late; default 3,000 ms. */
  readonly noticeDelayMs?: number;
  /** First pause after a notice that was not taken; default 250 ms, doubling. */
  readonly firstPauseMs?: number;
}
