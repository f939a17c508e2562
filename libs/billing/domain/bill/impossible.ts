import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { BillEvent } from './messages.js';

export function impossible(event: BillEvent, why: string): ImpossibleHistoryError {
  return new ImpossibleHistoryError(`${event.type} ${why}.`);
}
