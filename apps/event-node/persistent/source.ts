import { followAll, followStream } from '#libs/event-log/sqlite/index.js';
import type { LogEngine, RawEvent } from '#libs/event-log/sqlite/engine-api.js';
import { resolveLinks, unresolved } from '../streams/links.js';
import { originalOf } from '../wire/read-responses.js';
import type { ResolvedEvent } from '../wire/read-responses.js';
import { ALL } from './settings.js';
import type { GroupConfig } from './settings.js';

/**
 * - `events`: in the order of the source, each with its place (revision, or position in $all).
 * - `passed`: nothing of interest lies up to the place.
 */
export type SourceMessage =
  | {
      readonly kind: 'events';
      readonly events: readonly { readonly place: number; readonly resolved: ResolvedEvent }[];
    }
  | { readonly kind: 'passed'; readonly place: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'behind' };

/** Events read at once when the settings name no batch size; the most a batch may be. */
const DEFAULT_BATCH = 20;
const LARGEST_BATCH = 500;

/** What a group reads: its stream, or $all through its filter, after a place (exclusive). */
export async function* sourceOf(
  engine: LogEngine,
  config: GroupConfig,
  after: number | 'start',
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  const pageSize = Math.min(config.settings.readBatchSize || DEFAULT_BATCH, LARGEST_BATCH);
  const resolve = async (events: readonly RawEvent[]): Promise<SourceMessage> => {
    const resolved = config.settings.resolveLinks ? await resolveLinks(engine, events) : unresolved(events);
    return {
      kind: 'events',
      events: resolved.map((one) => ({ place: placeOf(config, one), resolved: one })),
    };
  };
  const messages =
    config.source === ALL
      ? followAll(engine, {
          after,
          pageSize,
          signal,
          ...(config.filter ? { filter: config.filter } : {}),
          ...(config.checkpointEvery ? { checkpointEvery: config.checkpointEvery } : {}),
        })
      : followStream(engine, { stream: config.source, after, pageSize, signal });
  for await (const message of messages) {
    switch (message.kind) {
      case 'events':
        yield await resolve(message.events);
        break;
      case 'checkpoint':
        yield { kind: 'passed', place: message.position };
        break;
      case 'caught-up':
        yield { kind: 'live' };
        break;
      case 'fell-behind':
        yield { kind: 'behind' };
        break;
      case 'tombstoned':
        return;
      default:
        message satisfies never;
    }
  }
}

function placeOf(config: GroupConfig, resolved: ResolvedEvent): number {
  const original = originalOf(resolved);
  return config.source === ALL ? original.position : original.revision;
}
