import type { LogEngine, RawEvent } from '#libs/event-log/sqlite/engine-api.js';
import type { Clock, Ids } from '#libs/runtime/port/index.js';
import { LINK_TYPE } from '../streams/links.js';
import { parkedStreamOf } from './settings.js';
import type { GroupKey } from './settings.js';
import { appendJson } from './store.js';

/** The messages a group gave up on: links to the events, in the group's parked stream. */
export class ParkedMessages {
  readonly stream: string;

  constructor(
    private readonly engine: LogEngine,
    private readonly runtime: { readonly ids: Ids; readonly clock: Clock },
    key: GroupKey,
  ) {
    this.stream = parkedStreamOf(key);
  }

  /** Resolves when the link is durable. @param original the event, or the link that stands for it */
  async park(original: RawEvent, reason: string): Promise<void> {
    const { ids, clock } = this.runtime;
    const outcome = await this.engine.append({
      stream: this.stream,
      expected: 'any',
      events: [
        {
          id: ids.next(),
          type: LINK_TYPE,
          contentType: 'binary',
          data: `${original.revision}@${original.stream}`,
          metadata: JSON.stringify({
            added: clock.now(),
            reason,
            subscriptionEventNumber: original.revision,
          }),
        },
      ],
    });
    if (outcome.kind !== 'ok') throw new Error(`${this.stream} could not be written: ${outcome.kind}.`);
  }

  /** Links from a revision on, at most so many; `next` is undefined at the end of the stream. */
  async page(
    from: number | 'start',
    limit: number,
  ): Promise<{ links: readonly RawEvent[]; next: number | undefined }> {
    const page = await this.engine.readStream({ stream: this.stream, direction: 'forwards', from, limit });
    return page.kind === 'page' ? { links: page.events, next: page.next } : { links: [], next: undefined };
  }

  async lastRevision(): Promise<number> {
    const page = await this.engine.readStream({
      stream: this.stream,
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    return page.kind === 'page' ? page.lastRevision : -1;
  }

  /** Messages parked and not yet replayed. */
  async count(): Promise<number> {
    const { links } = await this.page('start', 1);
    return links[0] ? (await this.lastRevision()) - links[0].revision + 1 : 0;
  }

  /** Drops the links before the revision: they have been replayed and dealt with. */
  async truncateBefore(revision: number): Promise<void> {
    await appendJson(this.engine, this.runtime.ids, {
      stream: `$$${this.stream}`,
      type: '$metadata',
      data: { $tb: revision },
    });
  }

  async delete(): Promise<void> {
    await this.engine.deleteStream(this.stream, 'any');
  }
}
