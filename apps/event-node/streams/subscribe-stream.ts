import { randomUUID } from 'node:crypto';
import { followStream } from '#libs/event-log/sqlite/index.js';
import { nodeStopping, streamDeleted } from '../wire/failures.js';
import { caughtUp, confirmation, fellBehind } from '../wire/read-responses.js';
import { deliver } from './deliver.js';
import type { From, ReadContext } from './read-context.js';

const PAGE_EVENTS = 500;

/** Catch-up subscription to one stream, which need not exist yet. */
export async function subscribeStream(
  context: ReadContext,
  stream: string,
  after: From,
  draining: AbortSignal,
): Promise<void> {
  const { engine, out } = context;
  // Fixed before the confirmation: what the client appends after it must come.
  const resumeAfter = after === 'end' ? await lastRevision(context, stream) : after;
  out.write(confirmation(randomUUID()));
  const signal = AbortSignal.any([out.signal, draining]);
  for await (const message of followStream(engine, {
    stream,
    after: resumeAfter,
    pageSize: PAGE_EVENTS,
    signal,
  })) {
    switch (message.kind) {
      case 'events':
        await deliver(context, message.events);
        break;
      case 'caught-up':
        out.write(caughtUp());
        break;
      case 'fell-behind':
        out.write(fellBehind());
        break;
      case 'tombstoned':
        throw streamDeleted(stream);
      default:
        message satisfies never;
    }
  }
  if (draining.aborted) throw nodeStopping();
}

async function lastRevision({ engine }: ReadContext, stream: string): Promise<number | 'start'> {
  const page = await engine.readStream({ stream, direction: 'backwards', from: 'end', limit: 1 });
  return page.kind === 'page' ? page.lastRevision : 'start';
}
