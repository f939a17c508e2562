import { Inject, Injectable } from '@nestjs/common';
import { type Consumers, ProjectionLagging } from '#libs/event-log/consumers/types.js';
import { comparePositions, type EventLog } from '#libs/event-log/port/index.js';
import { epochMsOf, instantFromEpochMs, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, EVENT_LOG, RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import { AsOfNotProjected } from '../contract/index.js';
import { LEDGER } from './ledger-projection.js';
import type { LedgerTables, StretchRow } from './tables.js';

/**
 * A moment after which nothing has been recorded yet can be vouched for this much later: by then whatever was stamped before
 * it is in the log (appends have a deadline of 5 s). Later events settle a moment at once.
 */
export const SETTLING_MS = 10_000;
/** How long a question waits for the view to come as far as the log. */
const LONGEST_WAIT_MS = 1_000;

/** Where in the ledger a moment lies: the last entry that had been recorded by then. Once answered it never moves. */
@Injectable()
export class RecordedTime {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(CONSUMERS) private readonly consumers: Pick<Consumers, 'status' | 'waitFor'>,
    @Inject(EVENT_LOG) private readonly log: Pick<EventLog, 'lastPosition'>,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'clock'>,
  ) {}

  /** Events that the ledger had to put aside. */
  get unposted(): number {
    return this.#status()?.deadLetters ?? 0;
  }

  /** Everything applied so far. */
  async lastEntry(): Promise<number> {
    const { last } = await this.#stretches()
      .select(({ fn }) => fn.max('last_entry').as('last'))
      .executeTakeFirstOrThrow();
    return last ?? -1;
  }

  /**
   * Everything that lies in the log before the first event recorded after the moment.
   *
   * @throws AsOfNotProjected
   */
  async lastEntryBy(asOf: Instant): Promise<number> {
    const asOfMs = epochMsOf(asOf);
    const passed = await this.#stretchAfter(asOfMs);
    if (passed) return this.#lastEntryIn(passed, asOfMs);
    const settledMs = epochMsOf(this.runtime.clock.now()) - SETTLING_MS;
    const isCaughtUp = await this.#caughtUp();
    if (!isCaughtUp || asOfMs > settledMs)
      throw new AsOfNotProjected(asOf, await this.#horizon(isCaughtUp ? settledMs : undefined));
    // In this order: what is applied between the two was recorded later, and then shows as a stretch.
    const last = await this.lastEntry();
    const passedMeanwhile = await this.#stretchAfter(asOfMs);
    return passedMeanwhile ? this.#lastEntryIn(passedMeanwhile, asOfMs) : last;
  }

  /** The first stretch, in the order of the log, that got beyond the moment. */
  #stretchAfter(asOfMs: number): Promise<StretchRow | undefined> {
    return this.#stretches()
      .selectAll()
      .where('last_ms', '>', asOfMs)
      .orderBy('first_entry')
      .limit(1)
      .executeTakeFirst();
  }

  /** Within a stretch the recorded time never goes back: halves the numbers until the last entry by the moment is found. */
  async #lastEntryIn({ first_entry, last_entry }: StretchRow, asOfMs: number): Promise<number> {
    let by = first_entry - 1;
    let upTo = last_entry;
    while (by < upTo) {
      const middle = by + Math.floor((upTo - by) / 2);
      const next = await this.views
        .database<LedgerTables>()
        .selectFrom('ledger_entry')
        .select(['entry', 'recorded_ms'])
        .where('entry', '>', middle)
        .where('entry', '<=', upTo)
        .orderBy('entry')
        .limit(1)
        .executeTakeFirst();
      if (next && next.recorded_ms <= asOfMs) by = next.entry;
      else upTo = middle;
    }
    return by;
  }

  async #caughtUp(): Promise<boolean> {
    const last = await this.log.lastPosition();
    if (last === undefined) return true;
    const checkpoint = this.#status()?.checkpoint;
    if (checkpoint !== undefined && comparePositions(checkpoint, last) >= 0) return true;
    try {
      await this.consumers.waitFor(last, LONGEST_WAIT_MS);
      return true;
    } catch (fault) {
      if (fault instanceof ProjectionLagging) return false;
      throw fault;
    }
  }

  /** The latest moment that could be answered. */
  async #horizon(settledMs: number | undefined): Promise<Instant | undefined> {
    const { reached } = await this.#stretches()
      .select(({ fn }) => fn.max('last_ms').as('reached'))
      .executeTakeFirstOrThrow();
    const passedMs = reached === null ? undefined : reached - 1;
    const latestMs = Math.max(passedMs ?? -Infinity, settledMs ?? -Infinity);
    return latestMs === -Infinity ? undefined : instantFromEpochMs(latestMs);
  }

  #stretches() {
    return this.views.database<LedgerTables>().selectFrom('ledger_stretch');
  }

  #status() {
    return this.consumers.status().find(({ name }) => name === LEDGER);
  }
}
