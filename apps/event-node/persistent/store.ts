import type { LogEngine, RawAppend } from '#libs/event-log/sqlite/engine-api.js';
import type { Ids } from '#libs/runtime/port/index.js';
import type { GroupConfig } from './settings.js';

/** Every change writes all groups anew: their number is small, and the last event is the whole truth. */
const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIG_TYPE = '$PersistentSubscriptionGroups';
/** Versions of the configuration kept in the stream. */
const VERSIONS_KEPT = 10;

/** The groups and their settings, kept in the log itself. */
export class GroupStore {
  constructor(
    private readonly engine: LogEngine,
    private readonly ids: Ids,
  ) {}

  async load(): Promise<readonly GroupConfig[]> {
    const page = await this.engine.readStream({
      stream: CONFIG_STREAM,
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    const last = page.kind === 'page' ? page.events[0] : undefined;
    if (!last) return [];
    return (JSON.parse(Buffer.from(last.data).toString('utf8')) as { groups: GroupConfig[] }).groups;
  }

  /** Resolves when the groups are durable. */
  async save(groups: readonly GroupConfig[]): Promise<void> {
    await keepOnly(this.engine, this.ids, CONFIG_STREAM, VERSIONS_KEPT);
    await appendJson(this.engine, this.ids, { stream: CONFIG_STREAM, type: CONFIG_TYPE, data: { groups } });
  }
}

export interface JsonEvent {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly expected?: RawAppend['expected'];
}

/** Appends one JSON event; only this node writes to these streams, so any revision will do. */
export async function appendJson(engine: LogEngine, ids: Ids, event: JsonEvent): Promise<void> {
  const outcome = await engine.append({
    stream: event.stream,
    expected: event.expected ?? 'any',
    events: [
      {
        id: ids.next(),
        type: event.type,
        contentType: 'json',
        data: JSON.stringify(event.data),
        metadata: event.metadata === undefined ? '' : JSON.stringify(event.metadata),
      },
    ],
  });
  if (outcome.kind !== 'ok' && !(outcome.kind === 'conflict' && event.expected === 'no-stream')) {
    throw new Error(`${event.stream} could not be written: ${outcome.kind}.`);
  }
}

/** Sets `$maxCount` of a stream that the node rewrites for ever; once, when the metadata stream does not exist yet. */
export async function keepOnly(engine: LogEngine, ids: Ids, stream: string, count: number): Promise<void> {
  await appendJson(engine, ids, {
    stream: `$$${stream}`,
    type: '$metadata',
    data: { $maxCount: count },
    expected: 'no-stream',
  });
}
