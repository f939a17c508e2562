import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { resolveLink } from '../streams/links.js';
import type { Message } from './consumer.js';
import type { ParkedMessages } from './parked.js';
import { Progress } from './progress.js';

/** Parked messages brought back at once; the next come when these are settled. */
const PAGE_MESSAGES = 100;

/**
 * Brings parked messages back to the consumers. The parked stream is truncated only behind messages that were settled,
 * so a crash in the middle of a replay leaves the rest parked.
 */
export class ParkedReplay {
  private readonly progress = new Progress();
  private next: number | 'start' = 'start';
  private stopBefore = 0;
  private unsettled = 0;
  private truncating: Promise<void> = Promise.resolve();
  private loading = false;
  private stopped = false;

  constructor(
    private readonly engine: LogEngine,
    private readonly parked: ParkedMessages,
    private readonly retries: Message[],
    private readonly filled: () => void,
  ) {}

  /** Resolves when the first messages are on their way. */
  async begin(stopBefore: number | undefined): Promise<void> {
    const end = (await this.parked.lastRevision()) + 1;
    this.stopBefore = Math.max(this.stopBefore, Math.min(stopBefore ?? end, end));
    await this.load();
  }

  settle(message: Message): void {
    this.progress.settle(message.tracked);
    this.unsettled -= 1;
    if (this.unsettled > 0) return;
    this.truncate();
    void this.load().catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
  }

  private async load(): Promise<void> {
    if (this.loading || this.unsettled > 0) return;
    this.loading = true;
    try {
      const { links } = await this.parked.page(this.next, PAGE_MESSAGES);
      const due = links.filter((link) => link.revision < this.stopBefore);
      if (due.length === 0 || this.stopped) return;
      this.next = due.at(-1)!.revision + 1;
      for (const link of due) {
        const resolved = await resolveLink(this.engine, link);
        // An event that is gone cannot be replayed; its link goes with the rest.
        const tracked = this.progress.track(link.revision, !resolved.event);
        if (!resolved.event) continue;
        this.unsettled += 1;
        this.retries.push({ resolved, id: link.id, tracked, replayed: true, retryCount: 0 });
      }
    } finally {
      this.loading = false;
    }
    if (this.unsettled === 0) this.truncate();
    this.filled();
  }

  private truncate(): void {
    const place = this.progress.place;
    if (place === undefined) return;
    this.truncating = this.truncating.then(() =>
      this.parked.truncateBefore(place + 1).catch(() => undefined),
    );
  }
}
