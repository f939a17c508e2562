import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Bus, BusUnavailable, type IntegrationEvent } from '#libs/messaging/port/index.js';
import { systemTimers } from '#libs/runtime/system/index.js';

export interface BusUnderTest {
  readonly bus: Bus;
  close(): Promise<void>;
}

const event = (id: string, rest: Partial<IntegrationEvent> = {}): IntegrationEvent => ({
  id,
  type: 'sluice.test.happened.v1',
  source: '/test',
  subject: 's',
  time: '2026-09-01T00:00:00.000Z',
  tenant: 't',
  data: { 名: id },
  ...rest,
});
const TYPES = ['sluice.test.happened.v1'];

/** What every implementation of the Bus port must do. */
export function busContract(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`Bus contract: ${name}`, () => {
    let under: BusUnderTest;
    let bus: Bus;
    beforeEach(async () => {
      under = await open();
      bus = under.bus;
    });
    afterEach(() => under.close());

    async function eventually(holds: () => boolean): Promise<void> {
      for (let tries = 0; !holds() && tries < 1_000; tries += 1) await systemTimers.sleep(5);
      expect(holds()).toBe(true);
    }

    it('delivers whole events to every group, and to one member of each', async () => {
      const seen: Record<string, string[]> = { one: [], two: [] };
      const taken: IntegrationEvent[] = [];
      await bus.subscribe('one', TYPES, async (each) => void (seen['one']!.push(each.id), taken.push(each)));
      await bus.subscribe('one', TYPES, async (each) => void seen['one']!.push(each.id));
      await bus.subscribe('two', TYPES, async (each) => void seen['two']!.push(each.id));
      const events = Array.from({ length: 50 }, (_, index) =>
        event(`${index}`, { subject: `s${index % 5}` }),
      );
      await bus.publish(events);
      await eventually(() => seen['one']!.length >= 50 && seen['two']!.length >= 50);
      const ids = events.map(({ id }) => id).toSorted();
      expect(seen['one']!.toSorted()).toEqual(ids);
      expect(seen['two']!.toSorted()).toEqual(ids);
      for (const each of taken) expect(each).toEqual(events.find(({ id }) => id === each.id));
    });

    it('keeps the order per subject, also when a handler fails', async () => {
      const seen: Record<string, string[]> = {};
      let failures = 0;
      await bus.subscribe('group', TYPES, async ({ id, subject }) => {
        await systemTimers.sleep(id.endsWith('0') ? 3 : 0);
        if (id === '10' && failures < 2) {
          failures += 1;
          throw new Error('not now');
        }
        (seen[subject] ??= []).push(id);
      });
      for (let index = 0; index < 40; index += 1)
        await bus.publish([event(`${index}`, { subject: `s${index % 4}` })]);
      await eventually(() => Object.values(seen).flat().length >= 40);
      expect(failures).toBe(2);
      for (const [subject, ids] of Object.entries(seen)) {
        expect(ids).toEqual(
          Array.from({ length: 10 }, (_, index) => `${index * 4 + Number(subject.slice(1))}`),
        );
      }
    });

    it('delivers the types asked for', async () => {
      const seen: string[] = [];
      await bus.subscribe('group', ['a.v1', 'b.v1'], async ({ type }) => void seen.push(type));
      await bus.publish(['a.v1', 'c.v1', 'b.v1'].map((type, index) => event(`${index}`, { type })));
      await eventually(() => seen.length >= 2);
      expect(seen).toEqual(['a.v1', 'b.v1']);
    });

    it('delivers nothing more to a member that left', async () => {
      const seen: string[] = [];
      const leave = await bus.subscribe('group', TYPES, async ({ id }) => void seen.push(id));
      await bus.publish([event('1')]);
      await eventually(() => seen.length === 1);
      await leave();
      await bus.publish([event('2')]);
      await systemTimers.sleep(20);
      expect(seen).toEqual(['1']);
    });

    it('takes nothing after it was closed', async () => {
      await bus.close();
      await bus.close();
      await expect(bus.publish([event('1')])).rejects.toThrow(BusUnavailable);
      await expect(bus.subscribe('group', TYPES, async () => undefined)).rejects.toThrow(BusUnavailable);
    });
  });
}
