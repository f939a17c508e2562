import type { EventLog, EventToAppend, Position } from '#libs/event-log/port/index.js';

/** The newest event of the type, for a baseline that stores the same bytes. @throws Error when there is none */
export async function lastEventOf(
  log: Pick<EventLog, 'readAll'>,
  type: string,
): Promise<Pick<EventToAppend, 'type' | 'data' | 'metadata'>> {
  for await (const [event] of log.readAll({ direction: 'backwards', limit: 1, filter: { types: [type] } })) {
    if (event) return { type: event.type, data: event.data, metadata: event.metadata };
  }
  throw new Error(`There is no ${type} in the log.`);
}

/** Events of the type after the position, in the log itself. */
export async function countedSince(
  log: Pick<EventLog, 'readAll'>,
  type: string,
  after: Position,
): Promise<number> {
  let counted = 0;
  for await (const page of log.readAll({ from: after, filter: { types: [type] } }))
    counted += page.filter(({ position }) => position !== after).length;
  return counted;
}
