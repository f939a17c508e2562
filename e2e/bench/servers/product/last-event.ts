import type { EventLog, EventToAppend } from '#libs/event-log/port/index.js';

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
