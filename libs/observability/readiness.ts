import type { Timers } from '#libs/runtime/port/index.js';

/** Rejects with a sentence when the part does not work. */
export type ReadinessCheck = () => Promise<void> | void;

export interface ReadinessReport {
  readonly ready: boolean;
  /** Why not, one sentence each; without anything a stranger should not read. */
  readonly reasons: readonly string[];
}

const CHECK_LIMIT_MS = 1_000;

/** Whether new work should be sent here: every part answers, and nobody has asked us to stop. */
export class Readiness {
  #draining = false;

  constructor(
    private readonly checks: Readonly<Record<string, ReadinessCheck>>,
    private readonly timers: Timers,
  ) {}

  /** From now on not ready; for good. */
  drain(): void {
    this.#draining = true;
  }

  async report(): Promise<ReadinessReport> {
    const reasons = await Promise.all(
      Object.entries(this.checks).map(([name, check]) => this.#run(name, check)),
    );
    const failed = [
      ...(this.#draining ? ['draining'] : []),
      ...reasons.filter((reason) => reason !== undefined),
    ];
    return { ready: failed.length === 0, reasons: failed };
  }

  async #run(name: string, check: ReadinessCheck): Promise<string | undefined> {
    const limit = new AbortController();
    try {
      const tooLate = this.timers
        .sleep(CHECK_LIMIT_MS, limit.signal)
        .then(() => Promise.reject(new Error(`no answer within ${CHECK_LIMIT_MS} ms`)));
      await Promise.race([Promise.resolve(check()), tooLate]);
      return undefined;
    } catch (fault) {
      return `${name}: ${fault instanceof Error ? fault.message : 'failed'}`;
    } finally {
      limit.abort(new Error('answered'));
    }
  }
}
