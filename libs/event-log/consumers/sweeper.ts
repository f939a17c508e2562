import { Logger } from '@nestjs/common';
import type { Consumers } from './types.js';
import { addMs, type Instant } from '#libs/kernel/time/index.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';

/** How often to look, ms. */
const PERIOD_MS = 1_000;
/** A process without a step for so long was left behind: a step's own deadline is 5 s. */
const IDLE_MS = 5_000;
const PER_SWEEP = 500;
/** Processes whose pauses are remembered; of more than these every sweep tries the ones it comes by. */
const MOST_PAUSED = 20_000;
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** `done`: nothing is left to do. Otherwise it waits for somebody, and `reason` says for whom where that is known. */
export type Swept = { readonly done: true } | { readonly done: false; readonly reason?: string };

export const DONE: Swept = { done: true };

export interface SweptWork<Item> {
  /** For the log: `refund`. */
  readonly name: string;
  /** The projection behind `idleSince`. */
  readonly view: string;
  /** What is open and without a step since the moment, longest idle first; the page after an item, in the same order. */
  idleSince(moment: Instant, limit: number, after: Item | undefined): Promise<readonly Item[]>;
  idOf(item: Item): string;
  /** Goes on with it as far as it goes now. Idempotent. */
  finish(id: string, item: Item): Promise<Swept>;
  /** A sweep goes on from page to page to the end of the list, for what is due by the minute; otherwise it looks at one page. */
  readonly wholeList?: boolean;
}

interface Pause {
  readonly reason: string | undefined;
  readonly attempts: number;
  readonly notBeforeMs: number;
}

/**
 * Goes on with what a crash, a timeout or a lost caller left behind. It works from a view of the log, so that it survives any
 * restart and needs no memory of its own; what cannot be finished yet stays on the list with the reason and is tried again
 * after growing pauses. Each sweep looks at the next page of the list, so that many that wait never hide one behind them.
 */
export class Sweeper<Item> {
  readonly #logger: Logger;
  /** Only what is on the list; bounded by `MOST_PAUSED`. */
  readonly #pauses = new Map<string, Pause>();
  /** Where the last sweep ended; undefined at the end of the list. */
  #after: Item | undefined;
  /** Met on the list since its beginning. */
  readonly #met = new Set<string>();
  #sweeping: Promise<void> | undefined;
  #stopping = false;
  #stop: Cancel | undefined;

  constructor(
    private readonly work: SweptWork<Item>,
    private readonly consumers: Pick<Consumers, 'status'>,
    private readonly runtime: Runtime,
  ) {
    this.#logger = new Logger(`${work.name} sweeper`);
  }

  /** To be called once the projections have caught up. Resolves when the first page of what was left open was tried once. */
  async start(): Promise<void> {
    this.#stopping = false;
    this.#stop ??= this.runtime.timers.every(PERIOD_MS, () => {
      if (this.#viewIsCurrent()) void this.sweep(IDLE_MS);
    });
    await this.#join(0, 1);
  }

  /** Resolves when the sweep under way has ended; one over the whole list ends with its page. */
  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    this.#stopping = true;
    await this.#sweeping;
  }

  /** One round over what has had no step for `idleMs`; joins the round under way. Never rejects. */
  sweep(idleMs: number): Promise<void> {
    return this.#join(idleMs, this.work.wholeList ? Infinity : 1);
  }

  /** Why the last attempt did not bring it to its end. */
  reasonOf(id: string): string | undefined {
    return this.#pauses.get(id)?.reason;
  }

  #join(idleMs: number, pages: number): Promise<void> {
    this.#sweeping ??= this.#sweep(idleMs, pages).finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweep(idleMs: number, pages: number): Promise<void> {
    try {
      for (let page = 0; page < pages; page += 1) {
        if (page > 0 && this.#stopping) return;
        await this.#sweepPage(addMs(this.runtime.clock.now(), -idleMs));
        if (this.#after === undefined) return;
      }
    } catch (error) {
      this.#logger.warn(`What is open cannot be read: ${nameOf(error)}`);
    }
  }

  async #sweepPage(idle: Instant): Promise<void> {
    const page = await this.work.idleSince(idle, PER_SWEEP, this.#after);
    this.#turnPage(page);
    const due = page.filter((item) => this.#isDue(this.work.idOf(item))).values();
    const worker = async (): Promise<void> => {
      for (const item of due) await this.#finish(item);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #finish(item: Item): Promise<void> {
    const id = this.work.idOf(item);
    try {
      const swept = await this.work.finish(id, item);
      if (swept.done) this.#pauses.delete(id);
      else this.#pause(id, swept.reason);
    } catch (error) {
      const attempts = this.#pause(id, nameOf(error));
      const { name } = this.work;
      this.#logger.warn(`${name} ${id} could not be finished (attempt ${attempts}): ${nameOf(error)}`);
    }
  }

  /** What stays on the list waits for somebody: it is looked at ever more seldom. */
  #pause(id: string, reason: string | undefined): number {
    const attempts = (this.#pauses.get(id)?.attempts ?? 0) + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
    const notBeforeMs = this.runtime.clock.monotonicMs() + pauseMs;
    if (attempts > 1 || this.#pauses.size < MOST_PAUSED) {
      this.#pauses.set(id, { reason, attempts, notBeforeMs });
    }
    return attempts;
  }

  #isDue(id: string): boolean {
    const pause = this.#pauses.get(id);
    return !pause || pause.notBeforeMs <= this.runtime.clock.monotonicMs();
  }

  /** At the end of the list begins its next round; what was not met in the last one has come to its end. */
  #turnPage(page: readonly Item[]): void {
    for (const item of page) this.#met.add(this.work.idOf(item));
    this.#after = page.length < PER_SWEEP ? undefined : page.at(-1);
    if (this.#after !== undefined) return;
    for (const id of this.#pauses.keys()) if (!this.#met.has(id)) this.#pauses.delete(id);
    this.#met.clear();
  }

  /** While the view is being rebuilt it shows as open what was finished long ago. */
  #viewIsCurrent(): boolean {
    const view = this.consumers.status().find(({ name }) => name === this.work.view);
    return view !== undefined && (view.caughtUp || view.lagMs < IDLE_MS);
  }
}

/** Names and messages of our own errors hold ids and codes, never personal data. */
function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
