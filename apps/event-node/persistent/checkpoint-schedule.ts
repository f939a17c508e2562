import type { Runtime } from '#libs/runtime/port/index.js';
import type { Checkpoint } from './checkpoint.js';
import { Progress } from './progress.js';
import type { Tracked } from './progress.js';
import type { GroupSettings } from './settings.js';

/** EventStoreDB's default when a client sends none. */
const DEFAULT_AFTER_MS = 2_000;

/**
 * When a group's checkpoint is written: every `checkpointAfter` when enough was settled (or when nothing was since the
 * last look, so that a quiet group's checkpoint is exact), and at once when `maxCheckpointCount` was.
 */
export class CheckpointSchedule {
  readonly progress = new Progress();
  /** The last place written. */
  written: number | undefined;
  private writing: Promise<void> = Promise.resolve();
  private settledAtLastLook = 0;
  private stopTimer: (() => void) | undefined;

  constructor(
    readonly checkpoint: Checkpoint,
    private readonly settings: GroupSettings,
    private readonly runtime: Runtime,
  ) {}

  start(): void {
    const periodMs = this.settings.checkpointAfterMs || DEFAULT_AFTER_MS;
    this.stopTimer = this.runtime.timers.every(periodMs, () => this.look());
  }

  settle(tracked: Tracked): void {
    this.progress.settle(tracked);
    if (this.progress.settledCount >= Math.max(1, this.settings.maxCheckpointCount)) void this.write();
  }

  /** Writes what there is to write, and no more after that. */
  async stop(): Promise<void> {
    this.stopTimer?.();
    await this.write();
  }

  private look(): void {
    const settled = this.progress.settledCount;
    const quiet = settled === this.settledAtLastLook;
    this.settledAtLastLook = settled;
    if (quiet || settled >= this.settings.minCheckpointCount) void this.write();
  }

  /** One at a time, in order. A checkpoint that cannot be written costs repetition, not messages: the next one makes up for it. */
  private write(): Promise<void> {
    this.progress.takeSettled();
    this.settledAtLastLook = 0;
    this.writing = this.writing.then(async () => {
      const place = this.progress.place;
      if (place === undefined || place === this.written) return;
      await this.checkpoint.write(place).then(
        () => (this.written = place),
        () => undefined,
      );
    });
    return this.writing;
  }
}
