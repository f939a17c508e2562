import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { ImportId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Cancel } from '#libs/runtime/port/index.js';
import { TuitionEnvironment } from '../environment.js';
import { FAULTS_KEPT_DAYS, ImportJob } from './import-job.js';
import { OPEN_IMPORTS, type OpenImports } from './open-imports.js';

/** Jobs at a time: each holds a compressed file and a block of rows, and checking is work for a whole core. */
const JOBS_AT_A_TIME = 2;
/** A job left behind by a crash, here or in another process, is found within this time. */
const SWEEP_PERIOD_MS = 5_000;
const SWEEP_LIMIT = 100;
/** Waiting imports; what does not fit is found by a later sweep. */
const MAX_WAITING = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const MS_PER_DAY = 86_400_000;

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Runs import jobs: at once when a handler wakes one, and by a sweep over the open imports, at the start and every few
 * seconds, when nobody did. What is to be done stands in the import's stream alone, so that a killed process loses
 * nothing; two processes at the same import do the same work twice and issue everything once.
 */
@Injectable()
export class ImportJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('ImportJobs');
  private readonly waiting = new Set<ImportId>();
  private readonly running = new Map<ImportId, Running>();
  /** Failures in a row, and the timer of the next try. */
  private readonly failed = new Map<ImportId, { readonly times: number; readonly cancel: Cancel }>();
  private stopSweeping: Cancel | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly environment: TuitionEnvironment,
    private readonly job: ImportJob,
    @Inject(OPEN_IMPORTS) private readonly open: OpenImports,
  ) {}

  onApplicationBootstrap(): void {
    const { timers } = this.environment.ports.runtime;
    this.stopSweeping = timers.every(SWEEP_PERIOD_MS, () => void this.sweep());
    void this.sweep();
  }

  /** Lets the rows under way become durable and stops; the jobs go on after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.stopSweeping?.();
    for (const { cancel } of this.failed.values()) cancel();
    this.waiting.clear();
    for (const { controller } of this.running.values())
      controller.abort(new Error('The process is stopping.'));
    await Promise.all([this.sweeping, ...[...this.running.values()].map(({ ended }) => ended)]);
  }

  /** Runs the import's job soon. Harmless when there is nothing to do. */
  wake(importId: ImportId): void {
    if (this.stopped || this.waiting.size >= MAX_WAITING) return;
    this.waiting.add(importId);
    this.startNext();
  }

  /** Stops what runs for an import that was cancelled, then runs its job again, which cleans up. */
  abandon(importId: ImportId): void {
    this.running.get(importId)?.controller.abort(new Error('The import was cancelled.'));
    this.wake(importId);
  }

  /** Looks for open imports that nobody works on. Never throws: the next sweep tries again. */
  sweep(): Promise<void> {
    this.sweeping ??= this.lookForWork()
      .catch((error: unknown) => this.logger.warn(`Open imports cannot be listed: ${String(error)}`))
      .finally(() => {
        this.sweeping = undefined;
      });
    return this.sweeping;
  }

  /** Resolves when nothing runs or waits; imports that pause after a failure don't count. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.race([...this.running.values()].map(({ ended }) => ended));
  }

  private async lookForWork(): Promise<void> {
    const { clock } = this.environment.ports.runtime;
    const before = addMs(clock.now(), -FAULTS_KEPT_DAYS * MS_PER_DAY);
    const unfinished = await this.open.unfinished(SWEEP_LIMIT);
    const kept = await this.open.keptSince(before, SWEEP_LIMIT);
    for (const importId of [...unfinished, ...kept]) {
      if (!this.failed.has(importId) && !this.running.has(importId)) this.wake(importId);
    }
  }

  private startNext(): void {
    for (const importId of this.waiting) {
      if (this.stopped || this.running.size >= JOBS_AT_A_TIME) return;
      // Woken while it runs: it goes again when it has ended.
      if (this.running.has(importId)) continue;
      this.waiting.delete(importId);
      this.start(importId);
    }
  }

  private start(importId: ImportId): void {
    const controller = new AbortController();
    const ended = this.job
      .run(importId, controller.signal)
      .then(
        () => this.forget(importId),
        (error: unknown) => this.pause(importId, error, controller.signal.aborted),
      )
      .finally(() => {
        this.running.delete(importId);
        this.startNext();
      });
    this.running.set(importId, { controller, ended });
  }

  private forget(importId: ImportId): void {
    this.failed.get(importId)?.cancel();
    this.failed.delete(importId);
  }

  private pause(importId: ImportId, error: unknown, aborted: boolean): void {
    if (aborted || this.stopped) return;
    const times = (this.failed.get(importId)?.times ?? 0) + 1;
    this.failed.get(importId)?.cancel();
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times - 1, 10));
    this.logger.error(`Import ${importId} pauses for ${pauseMs} ms: ${String(error)}`);
    const cancel = this.environment.ports.runtime.timers.after(pauseMs, () => this.wake(importId));
    this.failed.set(importId, { times, cancel });
  }
}
