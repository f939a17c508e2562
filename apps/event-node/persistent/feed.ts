import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import { originalOf } from '../wire/read-responses.js';
import type { Message } from './consumer.js';
import type { Progress } from './progress.js';
import type { GroupConfig } from './settings.js';
import { sourceOf } from './source.js';

/** Messages buffered when the settings name no size; the most they may name. */
const DEFAULT_BUFFER = 500;
const LARGEST_BUFFER = 10_000;
/** Read ahead and not settled: bounds what one stuck message can hold up behind it. */
const UNSETTLED_PER_BUFFER = 10;

export interface FeedListener {
  /** New messages are in the buffer. */
  filled(): void;
  failed(error: unknown): void;
}

/** Reads the source into a bounded buffer, as fast as consumers take from it. */
export class GroupFeed {
  readonly buffer: Message[] = [];
  live = false;
  started: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private wake = () => {};
  private readonly capacity: number;

  constructor(
    private readonly engine: LogEngine,
    private readonly config: GroupConfig,
    private readonly progress: Progress,
    private readonly listener: FeedListener,
  ) {
    const asked = Math.max(config.settings.historyBufferSize, config.settings.liveBufferSize);
    this.capacity = Math.min(asked || DEFAULT_BUFFER, LARGEST_BUFFER);
  }

  /** Resolves when it is known where to start. */
  start(after: () => Promise<number | 'start'>): Promise<void> {
    this.started = after().then((place) => {
      this.running = this.run(place).catch((error: unknown) => this.listener.failed(error));
    });
    return this.started;
  }

  /** Consumers have taken from the buffer, or settled. */
  drained(): void {
    if (!this.full()) this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.started.catch(() => undefined);
    await this.running;
  }

  private async run(after: number | 'start'): Promise<void> {
    for await (const message of sourceOf(this.engine, this.config, after, this.stopping.signal)) {
      switch (message.kind) {
        case 'events':
          for (const { place, resolved } of message.events) {
            const tracked = this.progress.track(place);
            this.buffer.push({
              resolved,
              id: originalOf(resolved).id,
              tracked,
              replayed: false,
              retryCount: 0,
            });
          }
          this.listener.filled();
          break;
        case 'passed':
          this.progress.track(message.place, true);
          break;
        default:
          this.live = message.kind === 'live';
      }
      while (this.full() && !this.stopping.signal.aborted)
        await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private full(): boolean {
    return (
      this.buffer.length >= this.capacity || this.progress.unsettled >= this.capacity * UNSETTLED_PER_BUFFER
    );
  }
}
