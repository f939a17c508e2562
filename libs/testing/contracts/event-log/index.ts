import { afterAll, beforeAll, describe } from '@jest/globals';
import { appendCases } from './append-cases.js';
import { closingCases } from './closing-cases.js';
import { contractContext, type EventLogDoor } from './door.js';
import { readCases } from './read-cases.js';
import { retentionCases } from './retention-cases.js';
import { subscriptionCases } from './subscription-cases.js';

export type { EventLogDoor } from './door.js';

/**
 * What every implementation of the EventLog port must do. Runs against a shared server too: it uses names of its own,
 * and assumes nothing about other streams. `open` is called once for most cases and once for each that closes the log.
 */
export function describeEventLogContract(name: string, { open }: { open(): Promise<EventLogDoor> }): void {
  describe(`EventLog contract: ${name}`, () => {
    let door: EventLogDoor;
    beforeAll(async () => {
      door = await open();
    });
    afterAll(async () => {
      await door?.close();
    });
    const context = contractContext(() => door);
    describe('append', () => appendCases(context));
    describe('read', () => readCases(context));
    describe('subscribe', () => subscriptionCases(context));
    describe('retention and deletion', () => retentionCases(context));
    describe('closing', () => closingCases(open));
  });
}
