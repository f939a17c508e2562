import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import {
  hardWalletDecider,
  verdictOn,
  type HardWalletEvent,
  type HardWalletState,
  type OfflinePayment,
} from './index.js';

const hardWalletId = asId<'hardWallet'>('h1');
const tenant = asId<'tenant'>('demo');
const at = parseInstant('2026-09-01T00:00:00Z');
const fen = (amount: number) => money(CNY, BigInt(amount));
const issued: HardWalletEvent = {
  type: 'HardWalletIssued',
  data: {
    hardWalletId,
    tenant,
    owner: 'payer-1',
    walletId: asId('w1'),
    publicKey: 'A'.repeat(43),
    permitted: 4,
    issuedAt: at,
  },
};

/** Two variants of each number: the second is what a copied device signs. */
const payment = fc
  .record({ counter: fc.integer({ min: 1, max: 12 }), variant: fc.integer({ min: 0, max: 1 }) })
  .map(({ counter, variant }): OfflinePayment => ({
    counter,
    digest: `${counter}-${variant}`,
    amount: fen(30 + counter * 7 + variant),
    organisationId: asId('school-1'),
    reference: 'b1',
    paidAt: at,
  }));
const act = fc.oneof(
  { weight: 3, arbitrary: fc.array(payment, { maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.record({ amount: fc.integer({ min: 1, max: 200 }), ahead: fc.integer({ min: 0, max: 3 }) }),
  },
);

describe('any sequence of loads and syncs, however shuffled and repeated', () => {
  it('pays every number once, never more than was loaded, and answers a repetition alike', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 40, size: 'max' }), (acts) => {
        let state: HardWalletState = fold(hardWalletDecider, [issued]);
        const run = (command: Parameters<typeof hardWalletDecider.decide>[0]): readonly HardWalletEvent[] => {
          const decision = hardWalletDecider.decide(command, state);
          const events = decision.accepted ? decision.events : [];
          state = events.reduce(hardWalletDecider.evolve, state);
          return events;
        };
        const taken = new Map<number, string>();
        let loaded = 0n;
        let paid = 0n;
        let touched = 0;
        for (const [index, one] of acts.entries()) {
          if (!Array.isArray(one)) {
            const loadId = `l${index}`;
            const counter = Math.max(touched, ...taken.keys(), 0) + one.ahead;
            const asked = { kind: 'requestLoad', tenant, owner: 'payer-1', loadId, counter, at } as const;
            run({ ...asked, amount: fen(one.amount) });
            run({ kind: 'load', loadId, at });
            expect(run({ kind: 'load', loadId, at })).toEqual([]);
            loaded += BigInt(one.amount);
            touched = counter;
            continue;
          }
          for (const event of run({ kind: 'sync', tenant, payments: one, at })) {
            if (event.type !== 'OfflinePaymentTaken') continue;
            const { counter, digest, amount } = event.data;
            expect(taken.has(counter)).toBe(false);
            expect(counter).toBeLessThanOrEqual(touched + 4);
            taken.set(counter, digest);
            paid += amount.amount;
          }
          expect(run({ kind: 'sync', tenant, payments: one, at })).toEqual([]);
          if (state.status === 'absent') throw new Error('The hard wallet is gone.');
          for (const brought of one) {
            const same = taken.get(brought.counter) === brought.digest;
            expect(verdictOn(brought, state) === 'taken').toBe(same);
          }
          expect(state.balance).toBe(loaded - paid);
          expect(state.balance).toBeGreaterThanOrEqual(0n);
        }
      }),
      { numRuns: 200, seed: 20_260_901 },
    );
  });
});
