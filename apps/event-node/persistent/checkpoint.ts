import type { LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import type { Ids } from '#libs/runtime/port/index.js';
import { ALL, checkpointStreamOf } from './settings.js';
import type { GroupKey } from './settings.js';
import { appendJson, keepOnly } from './store.js';

const CHECKPOINT_TYPE = '$SubscriptionCheckpoint';
/** Checkpoints kept; only the last one counts. */
const CHECKPOINTS_KEPT = 2;

/** A group's place in its source, in its checkpoint stream: everything up to it is acknowledged, skipped or parked. */
export class Checkpoint {
  private readonly stream: string;
  private bounded = false;

  constructor(
    private readonly engine: LogEngine,
    private readonly ids: Ids,
    private readonly key: GroupKey,
  ) {
    this.stream = checkpointStreamOf(key);
  }

  /** Revision, or position in $all; undefined when none was written yet. */
  async read(): Promise<number | undefined> {
    const page = await this.engine.readStream({
      stream: this.stream,
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    const last = page.kind === 'page' ? page.events[0] : undefined;
    if (!last) return undefined;
    const written = JSON.parse(Buffer.from(last.data).toString('utf8')) as number | string;
    return typeof written === 'number' ? written : Number(/^C:(\d+)/.exec(written)?.[1]);
  }

  /** Resolves when durable. */
  async write(place: number): Promise<void> {
    if (!this.bounded) {
      await keepOnly(this.engine, this.ids, this.stream, CHECKPOINTS_KEPT);
      this.bounded = true;
    }
    await appendJson(this.engine, this.ids, {
      stream: this.stream,
      type: CHECKPOINT_TYPE,
      data: placeText(this.key, place),
    });
  }

  async delete(): Promise<void> {
    await this.engine.deleteStream(this.stream, 'any');
  }
}

/** As EventStoreDB writes places: a number for a stream, `C:<commit>/P:<prepare>` for $all. */
export function placeText(key: GroupKey, place: number): number | string {
  return key.source === ALL ? `C:${place}/P:${place}` : place;
}
