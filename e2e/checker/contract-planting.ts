import type { Plant } from './planting.js';
import type { DraftEvent } from './synthetic-log.js';

/** The nth event of the type at the contract. */
export function nth(events: readonly DraftEvent[], type: string, n = 1): DraftEvent {
  const found = events.filter((one) => one.stream === 'contract-k5' && one.type === `${type}.v1`)[n - 1];
  if (!found) throw new Error(`No ${type} ${n}.`);
  return found;
}

export const says =
  (type: string, n: number, data: Record<string, unknown>): Plant =>
  (events) =>
    void Object.assign(nth(events, type, n).data, data);

export const without =
  (type: string, n = 1): Plant =>
  (events) =>
    void events.splice(events.indexOf(nth(events, type, n)), 1);

export const insertAfter = (
  events: DraftEvent[],
  [type, n]: readonly [string, number],
  event: DraftEvent,
): void => void events.splice(events.indexOf(nth(events, type, n)) + 1, 0, event);

export const again =
  (type: string, n = 1): Plant =>
  (events) => {
    const event = nth(events, type, n);
    insertAfter(events, [type, n], { ...event, data: { ...event.data } });
  };
