import type { Clock } from '#libs/runtime/port/index.js';
import type { PublishFigures } from '../../domain/roster-import/index.js';

/** A client sees at most four updates a second. */
const MIN_PAUSE_MS = 250;

/** Reports progress coarsely: each report is an event that stays for good. */
export class Progress {
  private lastAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly send: (processed: number, total: number, figures: PublishFigures) => Promise<void>,
  ) {
    this.lastAtMs = clock.monotonicMs();
  }

  async report(processed: number, total: number, figures: PublishFigures): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.lastAtMs < MIN_PAUSE_MS) return;
    this.lastAtMs = nowMs;
    await this.send(processed, total, figures);
  }
}
