import type {
  PersistentSubscriptionToStream,
  PersistentSubscriptionToStreamResolvedEvent,
} from '@eventstore/db-client';
import { until } from './harness.js';

type Seen = PersistentSubscriptionToStreamResolvedEvent;

/** A member of a persistent subscription's group that remembers what it was sent. */
export class Member {
  readonly seen: Seen[] = [];
  private confirmed = false;
  private acknowledged = 0;
  private error: Error | undefined;

  private constructor(readonly subscription: PersistentSubscriptionToStream) {
    subscription.on('confirmation', () => (this.confirmed = true));
    subscription.on('data', (resolved: Seen) => this.seen.push(resolved));
    subscription.on('error', (error: Error) => (this.error = error));
  }

  static of(subscription: unknown): Member {
    return new Member(subscription as PersistentSubscriptionToStream);
  }

  joined(): Promise<void> {
    return until(() => this.confirmed);
  }

  received(count: number): Promise<void> {
    return until(() => this.seen.length >= count);
  }

  /** Acknowledges the next so many. */
  async ack(count: number): Promise<void> {
    await this.subscription.ack(...this.seen.slice(this.acknowledged, (this.acknowledged += count)));
  }

  /** Rejects with what ended the subscription. */
  async failure(): Promise<never> {
    await until(() => this.error !== undefined);
    throw this.error!;
  }

  async leave(): Promise<void> {
    await this.subscription.unsubscribe();
    this.subscription.destroy();
  }

  get revisions(): number[] {
    return this.seen.map(({ event }) => Number(event!.revision));
  }

  get streams(): string[] {
    return this.seen.map(({ event }) => event!.streamId);
  }
}
