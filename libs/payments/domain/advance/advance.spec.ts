import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { advanceDecider, type AdvanceCommand, type AdvanceEvent, type AdvanceState } from './index.js';

const fen = (amount: number | bigint) => money(CNY, BigInt(amount));
const at = parseInstant('2026-09-01T03:00:00.000Z');
const advanceId = asId<'advance'>('a1');
const tenant = asId<'tenant'>('demo');
const whose = { tenant, organisationId: asId<'organisation'>('s1'), payerNumber: '0001' };

const credit = (paymentId: string, amount: number): AdvanceCommand => ({
  kind: 'credit',
  advanceId,
  ...whose,
  paymentId: asId(paymentId),
  billId: asId('b1'),
  amount: fen(amount),
  at,
});
const credited = (paymentId: string, amount: number, available: number): AdvanceEvent => ({
  type: 'AdvanceCredited',
  data: {
    advanceId,
    ...whose,
    paymentId: asId(paymentId),
    billId: asId('b1'),
    amount: fen(amount),
    availableAfter: fen(available),
    heldAfter: fen(0),
    creditedAt: at,
  },
});
const paymentId = asId<'payment'>('p9');
const hold = (amount: number): AdvanceCommand => ({ kind: 'hold', tenant, paymentId, amount: fen(amount) });

describe('an advance', () => {
  it('is credited once per capture and bill', () => {
    spec(advanceDecider)
      .given([])
      .when(credit('p1', 500))
      .then([credited('p1', 500, 500)]);
    spec(advanceDecider)
      .given([credited('p1', 500, 500)])
      .when(credit('p1', 500))
      .then([]);
    spec(advanceDecider)
      .given([credited('p1', 500, 500)])
      .when(credit('p2', 100))
      .then([credited('p2', 100, 600)]);
  });

  it('holds what it has, for its own tenant, and nothing for a payment that has ended', () => {
    const has = [credited('p1', 500, 500)];
    const postings = [{ source: 'advance:a1', destination: 'hold:p9', amount: fen(300) }];
    const moved = { advanceId, paymentId, amount: fen(300), availableAfter: fen(200), heldAfter: fen(300) };
    const held: AdvanceEvent = { type: 'AdvanceHeld', data: { ...moved, postings } };
    spec(advanceDecider).given(has).when(hold(300)).then([held]);
    spec(advanceDecider)
      .given([...has, held])
      .when(hold(300))
      .then([]);
    const details = { available: '5.00', required: '5.01' };
    spec(advanceDecider).given(has).when(hold(501)).thenRejected({ code: 'INSUFFICIENT_FUNDS', details });
    spec(advanceDecider).given([]).when(hold(1)).thenRejected({ code: 'ADVANCE_NOT_FOUND' });
    spec(advanceDecider)
      .given(has)
      .when({ ...hold(1), tenant: asId('other') } as AdvanceCommand)
      .thenRejected({ code: 'ADVANCE_NOT_FOUND' });
    const barred: AdvanceEvent = { type: 'AdvancePaymentBarred', data: { advanceId, paymentId } };
    spec(advanceDecider).given(has).when({ kind: 'release', paymentId }).then([barred]);
    spec(advanceDecider)
      .given([...has, barred])
      .when(hold(1))
      .thenRejected({ code: 'PAYMENT_ENDED' });
  });

  it('is never below zero, and what was credited is available, held or spent', () => {
    const payment = fc.constantFrom('p1', 'p2', 'p3').map((id) => asId<'payment'>(id));
    const amount = fc.integer({ min: 1, max: 400 });
    const command: fc.Arbitrary<AdvanceCommand> = fc.oneof(
      fc.tuple(payment, amount).map(([id, minor]) => credit(id, minor)),
      fc.tuple(payment, amount).map(([id, minor]) => ({ ...hold(minor), paymentId: id }) as AdvanceCommand),
      payment.map((id) => ({ kind: 'release', paymentId: id }) as const),
      payment.map((id) => ({ kind: 'spend', paymentId: id }) as const),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40, size: 'max' }), (asked) => {
        let state: AdvanceState = advanceDecider.initial;
        let total = 0n;
        let spent = 0n;
        for (const one of asked) {
          const decision = advanceDecider.decide(one, state);
          if (!decision.accepted) continue;
          for (const event of decision.events) {
            state = advanceDecider.evolve(state, event);
            if (event.type === 'AdvanceCredited') total += event.data.amount.amount;
            if (event.type === 'AdvanceHoldSpent') spent += event.data.amount.amount;
            if (state.status === 'absent' || event.type === 'AdvancePaymentBarred') continue;
            const held = state.holds.reduce((sum, minor) => sum + minor.amount, 0n);
            expect(state.available >= 0n).toBe(true);
            expect(event.data.availableAfter.amount).toBe(state.available);
            expect(event.data.heldAfter.amount).toBe(held);
            expect(state.available + held + spent).toBe(total);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
