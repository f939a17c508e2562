import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { originalOf } from '../wire/read-responses.js';
import { Checkpoint } from './checkpoint.js';
import { CheckpointSchedule } from './checkpoint-schedule.js';
import type { Consumer, InFlight, Message } from './consumer.js';
import { GroupFeed } from './feed.js';
import { ParkedMessages } from './parked.js';
import { ParkedReplay } from './replay.js';
import { groupFailure, subscriptionId } from './settings.js';
import type { GroupConfig, GroupFailure } from './settings.js';
import { strategyOf } from './strategies.js';
import type { ConsumerStrategy } from './strategies.js';

/** How often unanswered messages are looked at for their timeout. */
const TIMEOUT_TICK_MS = 100;

export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/**
 * Competing consumers on one source. A message is settled when it is acknowledged, skipped, or parked durably; the
 * checkpoint never passes one that is not. So after a crash everything unsettled is sent again: at least once.
 */
export class Group {
  readonly consumers: Consumer[] = [];
  readonly parked: ParkedMessages;
  readonly feed: GroupFeed;
  readonly replay: ParkedReplay;
  readonly schedule: CheckpointSchedule;
  /** Sent again before anything new: timed out, refused, or their consumer left. Replayed parked messages come here too. */
  readonly retries: Message[] = [];
  totalItems = 0;
  private readonly strategy: ConsumerStrategy;
  private stopTimeouts: (() => void) | undefined;
  private stopped = false;

  constructor(
    readonly config: GroupConfig,
    engine: LogEngine,
    private readonly runtime: Runtime,
    /** The source or the checkpoint could not be read: this group is over, another may take its place. */
    private readonly failed: (group: Group, reason: string) => void,
  ) {
    this.strategy = strategyOf(config.settings.strategy);
    this.parked = new ParkedMessages(engine, runtime, config);
    this.schedule = new CheckpointSchedule(
      new Checkpoint(engine, runtime.ids, config),
      config.settings,
      runtime,
    );
    this.feed = new GroupFeed(engine, config, this.schedule.progress, {
      filled: () => this.dispatch(),
      failed: (error) => this.failed(this, error instanceof Error ? error.message : String(error)),
    });
    this.replay = new ParkedReplay(engine, this.parked, this.retries, () => this.dispatch());
  }

  /** @throws Failure maximum-subscribers-reached */
  async connect(consumer: Consumer): Promise<void> {
    const bound = this.config.settings.maxSubscriberCount;
    if (bound > 0 && this.consumers.length >= bound) throw groupFailure('full', this.config);
    this.consumers.push(consumer);
    await this.start();
    consumer.confirm();
    this.dispatch();
  }

  /** What the consumer had not answered goes to the others. */
  disconnect(consumer: Consumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index < 0) return;
    this.consumers.splice(index, 1);
    for (const { message } of consumer.inFlight.values()) void this.retry(message, 'The consumer left.');
    consumer.inFlight.clear();
    this.dispatch();
  }

  ack(consumer: Consumer, ids: readonly string[]): void {
    for (const id of ids) {
      const message = this.take(consumer, id);
      if (message) this.settle(message);
    }
    this.dispatch();
  }

  nack(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void {
    for (const id of ids) {
      const message = this.take(consumer, id);
      if (!message) continue;
      if (action === 'skip') this.settle(message);
      else if (action === 'park') void this.park(message, reason || "Client explicitly NAK'ed message.");
      else void this.retry(message, reason);
    }
    if (action === 'stop') {
      this.disconnect(consumer);
      consumer.drop(groupFailure('dropped', this.config));
    }
    this.dispatch();
  }

  /** @param stopBefore revision in the parked stream; undefined for all */
  async replayParked(stopBefore: number | undefined): Promise<void> {
    await this.start();
    await this.replay.begin(stopBefore);
  }

  inFlightCount(): number {
    return this.consumers.reduce((sum, consumer) => sum + consumer.inFlight.size, 0);
  }

  /** Writes the checkpoint and drops the consumers. */
  async stop(failure: GroupFailure, reason?: string): Promise<void> {
    this.stopped = true;
    this.stopTimeouts?.();
    this.dropAll(failure, reason);
    await this.feed.stop();
    this.replay.stop();
    await this.schedule.stop();
  }

  /** Reads the checkpoint and begins to follow the source; only the first consumer makes a group cost anything. */
  private async start(): Promise<void> {
    if (this.stopTimeouts || this.stopped) return this.feed.started;
    this.stopTimeouts = this.runtime.timers.every(TIMEOUT_TICK_MS, () => this.expire());
    this.schedule.start();
    await this.feed.start(async () => (await this.schedule.checkpoint.read()) ?? this.config.startAfter);
  }

  private dispatch(): void {
    this.feed.drained();
    if (this.stopped || this.consumers.length === 0) return;
    this.dispatchFrom(this.retries);
    this.dispatchFrom(this.feed.buffer);
    this.feed.drained();
  }

  private dispatchFrom(queue: Message[]): void {
    let kept = 0;
    let at = 0;
    for (; at < queue.length; at += 1) {
      const message = queue[at]!;
      const consumer = this.strategy.choose(this.consumers, message);
      if (consumer) this.send(consumer, message);
      else if (this.strategy.selective) queue[kept++] = message;
      else break;
    }
    queue.splice(kept, at - kept);
  }

  private send(consumer: Consumer, message: Message): void {
    const sentAtMs = this.runtime.clock.monotonicMs();
    consumer.inFlight.set(message.id, { message, consumer, sentAtMs });
    consumer.totalItems += 1;
    this.totalItems += 1;
    consumer.send(message);
  }

  private take(consumer: Consumer, id: string): Message | undefined {
    const inFlight = consumer.inFlight.get(id);
    consumer.inFlight.delete(id);
    return inFlight?.message;
  }

  private settle(message: Message): void {
    if (message.replayed) this.replay.settle(message);
    else this.schedule.settle(message.tracked);
  }

  private async retry(message: Message, reason: string): Promise<void> {
    if (message.retryCount >= this.config.settings.maxRetryCount) {
      await this.park(
        message,
        reason || `It was sent ${message.retryCount + 1} times without an acknowledgement.`,
      );
      return;
    }
    message.retryCount += 1;
    this.retries.push(message);
  }

  /** Only a durable link in the parked stream settles it; when that fails it is sent again. */
  private async park(message: Message, reason: string): Promise<void> {
    try {
      // A parked message that is parked again links to the event, not to its first parking.
      const original = message.replayed ? message.resolved.event : originalOf(message.resolved);
      if (original) await this.parked.park(original, reason);
      this.settle(message);
    } catch {
      this.retries.push(message);
    }
    this.dispatch();
  }

  private expire(): void {
    const { messageTimeoutMs } = this.config.settings;
    if (messageTimeoutMs === 0) return;
    const sentBefore = this.runtime.clock.monotonicMs() - messageTimeoutMs;
    const expired: InFlight[] = [];
    for (const consumer of this.consumers) {
      for (const inFlight of consumer.inFlight.values()) {
        // In the order in which they were sent.
        if (inFlight.sentAtMs > sentBefore) break;
        expired.push(inFlight);
      }
    }
    for (const { consumer, message } of expired) {
      this.take(consumer, message.id);
      void this.retry(message, 'It timed out.');
    }
    if (expired.length > 0) this.dispatch();
  }

  private dropAll(failure: GroupFailure, reason?: string): void {
    const consumers = this.consumers.splice(0);
    for (const consumer of consumers) {
      consumer.inFlight.clear();
      consumer.drop(groupFailure(failure, this.config, reason));
    }
  }

  get id(): string {
    return subscriptionId(this.config);
  }
}
