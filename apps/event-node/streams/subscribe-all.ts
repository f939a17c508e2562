import { randomUUID } from 'node:crypto';
import { followAll } from '#libs/event-log/sqlite/index.js';
import { caughtUp, checkpointAt, confirmation, fellBehind } from '../wire/read-responses.js';
import { nodeStopping } from '../wire/failures.js';
import type { WireFilter } from '../wire/filter.js';
import { deliver } from './deliver.js';
import type { From, ReadContext } from './read-context.js';

/** Events per page: what one subscription holds at most. */
const PAGE_EVENTS = 500;

/** Catch-up subscription to $all: what is stored after the position, then what comes. Checkpoints only when filtered. */
export async function subscribeAll(
  context: ReadContext,
  after: From,
  wireFilter: WireFilter | undefined,
  draining: AbortSignal,
): Promise<void> {
  const { engine, out } = context;
  const messages = followAll(engine, {
    // Fixed before the confirmation: what the client appends after it must come.
    after: after === 'end' ? engine.lastPosition() : after,
    pageSize: PAGE_EVENTS,
    signal: AbortSignal.any([out.signal, draining]),
    ...(wireFilter ? checkpointing(wireFilter) : {}),
  });
  out.write(confirmation(randomUUID()));
  /** The last place the client has been told of, by an event or a checkpoint. */
  let told = 0;
  const checkpoint = (position: number) => {
    if (!wireFilter || position <= told) return;
    told = position;
    out.write(checkpointAt(position));
  };
  for await (const message of messages) {
    switch (message.kind) {
      case 'events':
        await deliver(context, message.events);
        told = message.events.at(-1)!.position;
        break;
      case 'checkpoint':
        checkpoint(message.position);
        break;
      case 'caught-up':
        checkpoint(message.position);
        out.write(caughtUp());
        break;
      case 'fell-behind':
        out.write(fellBehind());
        break;
      default:
        message satisfies never;
    }
  }
  if (draining.aborted) throw nodeStopping();
}

/** Pages end where a checkpoint is due: the client asked to hear of it that often. */
function checkpointing({ filter, checkpointEvery }: WireFilter) {
  return { filter, checkpointEvery, scanLimit: checkpointEvery };
}
