import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '#libs/event-log/port/index.js';
import { collect, paymentsIn, standing, viewOf } from '#libs/testing/mandate-fixture.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { recordedEvents } from '#libs/testing/payment-world.js';

describe('a crash in a run', () => {
  it('between any two steps: every bill is paid once, and the record names what was paid', async () => {
    Logger.overrideLogger(false);
    for (const append of [1, 2, 4, 7, 8, 12, 14, 15]) {
      let target: EventLog | undefined;
      const writeTo = (log: EventLog): EventLog =>
        new Proxy(log, {
          get(real, property) {
            const through = target ?? real;
            const value: unknown = Reflect.get(through, property, through);
            return typeof value === 'function' ? (value.bind(through) as unknown) : value;
          },
        });
      const at = await standing({ writeTo });
      await using world = at.world;
      await at.dawn('2026-11-15');
      const mortal = mortalLog(world.log, { append, moment: 'after' });
      target = mortal.log;
      await collect(at).catch(() => undefined);
      expect({ append, dead: mortal.dead() }).toEqual({ append, dead: true });
      target = undefined;
      // The next day: late fees and other bills may have come, the run stays what it was.
      await at.dawn('2026-11-16');
      await collect(at);
      const after = await viewOf(at);
      expect({ append, runs: after.runs }).toMatchObject({
        append,
        runs: [
          {
            due: '2026-11-15',
            results: at.bills.map((billId) => ({ billId, paymentId: expect.any(String) })),
          },
        ],
      });
      expect(await paymentsIn(at)).toBe(2);
      expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
    }
  });
});
