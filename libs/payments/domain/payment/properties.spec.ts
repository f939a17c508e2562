import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import {
  paymentDecider,
  refundableOf,
  type PaidBill,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
  type Tender,
} from './index.js';

const fen = (amount: number) => money(CNY, BigInt(amount));
const at = parseInstant('2026-09-01T03:00:00.000Z');
const paymentId = asId<'payment'>('p1');
const organisationId = asId<'organisation'>('s1');

const paid = (billId: string, amount: number): PaidBill => ({
  billId: asId(billId),
  organisationId,
  billNumber: `N-${billId}`,
  payerNumber: '0001',
  description: '学费',
  amount: fen(amount),
});
const bills = [paid('b1', 100), paid('b2', 200)];

const tenders: readonly Tender[] = [
  { channel: 'wallet', walletId: asId('w1') },
  { channel: 'cash', tendered: fen(300) },
  { channel: 'operator', payerToken: 't' },
  { channel: 'transfer' },
  { channel: 'suspense', ofPayment: asId('p0'), organisationId },
];

const line = fc.record({ billId: fc.constantFrom('b1', 'b2', 'b3'), fen: fc.integer({ min: -1, max: 210 }) });
const refundId = fc.constantFrom('r1', 'r2', 'r3').map((id) => asId<'refund'>(id));

function commands(tender: Tender): fc.Arbitrary<PaymentCommand> {
  const channel = tender.channel === 'transfer' ? 'transfer' : 'operator';
  return fc.oneof(
    fc.constantFrom<PaymentCommand>(
      { kind: 'capture', bills, cashier: 'c', businessDate: parseLocalDate('2026-09-01'), at },
      { kind: 'refuse', failure: { code: 'CHANNEL_DECLINED', message: 'x' }, at },
      { kind: 'fail', at },
      { kind: 'seekAuthorisation', channel, operationId: 'payment-p1', organisationId, expiresAt: at, at },
      { kind: 'instruct', remittanceCode: 'R1', at },
      { kind: 'authorise', reference: 'ref', at },
      { kind: 'loseTrack', reason: 'timeout', at },
      { kind: 'recordLateSuccess', reference: 'ref', amount: fen(300), at },
      { kind: 'seekReturn', operationId: 'return-p1', at },
      { kind: 'settleReturn', reference: 'back', at },
      { kind: 'settleReallocation', byPayment: asId('p2'), at },
    ),
    fc.record({
      kind: fc.constant('holdRefund' as const),
      refundId,
      lines: fc
        .array(line, { maxLength: 3 })
        .map((lines) => lines.map((one) => ({ billId: asId<'bill'>(one.billId), amount: fen(one.fen) }))),
      at: fc.constant(at),
    }),
    fc.record({
      kind: fc.constantFrom('releaseRefund' as const, 'settleRefund' as const),
      refundId,
      at: fc.constant(at),
    }),
  );
}

const histories = fc.constantFrom(...tenders).chain((tender) =>
  fc.record({
    tender: fc.constant(tender),
    asked: fc.array(commands(tender), { minLength: 5, maxLength: 40, size: 'max' }),
  }),
);

interface Step {
  readonly before: PaymentState;
  readonly after: PaymentState;
  readonly events: readonly PaymentEvent[];
}

/** Whatever is asked in whatever order; what cannot be asked of a state changes nothing. */
function play(tender: Tender, asked: readonly PaymentCommand[]): readonly Step[] {
  const initiate: PaymentCommand = {
    kind: 'initiate',
    paymentId,
    tenant: asId('demo'),
    account: 'a',
    organisationId: null,
    inputHash: 'h',
    bills: [],
    total: fen(300),
    tender,
    initiatedAt: at,
  };
  const steps: Step[] = [];
  let state: PaymentState = paymentDecider.initial;
  for (const command of [initiate, ...asked]) {
    const before = state;
    let events: readonly PaymentEvent[] = [];
    try {
      const decision = paymentDecider.decide(command, before);
      if (decision.accepted) events = decision.events;
    } catch {
      // A step that the process never takes, such as a capture that nobody has authorised.
    }
    for (const event of events) state = paymentDecider.evolve(state, event);
    steps.push({ before, after: state, events });
  }
  return steps;
}

const NEXT: Readonly<Record<PaymentState['status'], readonly PaymentState['status'][]>> = {
  absent: ['initiated'],
  initiated: ['initiated', 'authorising', 'captured', 'refused'],
  authorising: ['authorising', 'unknown', 'authorised', 'refused'],
  unknown: ['unknown', 'authorised', 'refused'],
  authorised: ['authorised', 'captured'],
  refused: ['refused', 'failed'],
  captured: ['captured'],
  failed: ['failed'],
};

describe('whatever is asked of a payment in whatever order', () => {
  it('a terminal state never regresses and no state is skipped', () => {
    fc.assert(
      fc.property(histories, ({ tender, asked }) => {
        for (const { before, after } of play(tender, asked)) {
          expect({
            from: before.status,
            to: after.status,
            fine: NEXT[before.status].includes(after.status),
          }).toEqual({
            from: before.status,
            to: after.status,
            fine: true,
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('an outside tender is captured only with the institution’s word', () => {
    fc.assert(
      fc.property(histories, ({ tender, asked }) => {
        const events = play(tender, asked).flatMap((step) => step.events.map(({ type }) => type));
        const captured = events.indexOf('PaymentCaptured');
        if (captured < 0 || (tender.channel !== 'operator' && tender.channel !== 'transfer')) return;
        expect(events.slice(0, captured)).toContain('PaymentAuthorised');
      }),
      { numRuns: 400 },
    );
  });

  it('what refunds hold and have given back is never more than was paid, per bill and in all', () => {
    fc.assert(
      fc.property(histories, ({ tender, asked }) => {
        for (const { after, events } of play(tender, asked)) {
          if (after.status !== 'captured') continue;
          for (const billId of ['b1', 'b2']) {
            expect(refundableOf(after, asId(billId)).amount >= 0n).toBe(true);
          }
          const { held, settled } = after.refunds ?? { held: [], settled: [] };
          const gone = [...held, ...settled].flatMap(({ lines }) => lines);
          const sum = gone.reduce((total, { amount }) => total + amount.amount, 0n);
          expect(refundableOf(after).amount).toBe(300n - sum);
          for (const event of events) {
            if (event.type === 'PaymentRefundHeld' || event.type === 'PaymentRefundReleased') {
              expect(event.data.refundableAfter).toEqual(refundableOf(after));
            }
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('each refund is settled or released, once, and late money is used or returned, once', () => {
    fc.assert(
      fc.property(histories, ({ tender, asked }) => {
        const events = play(tender, asked).flatMap((step) => step.events);
        for (const id of ['r1', 'r2', 'r3']) {
          const ends = events.filter(
            ({ type, data }) =>
              (type === 'PaymentRefunded' || type === 'PaymentRefundReleased') &&
              (data as { refundId?: string }).refundId === id,
          );
          expect(ends.length).toBeLessThanOrEqual(1);
        }
        const late = events.filter(
          ({ type }) => type === 'PaymentLateSuccessReturned' || type === 'PaymentLateSuccessReallocated',
        );
        expect(late.length).toBeLessThanOrEqual(1);
        expect(events.filter(({ type }) => type === 'PaymentLateSuccessRecorded').length).toBeLessThanOrEqual(
          1,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('money is conserved: what came in by the world lies with payees, or is in suspense, or went back', () => {
    fc.assert(
      fc.property(histories, ({ tender, asked }) => {
        const balances = new Map<string, bigint>();
        const move = (account: string, delta: bigint) =>
          balances.set(account, (balances.get(account) ?? 0n) + delta);
        for (const { data } of play(tender, asked).flatMap((step) => step.events)) {
          for (const { source, destination, amount } of 'postings' in data ? data.postings : []) {
            move(source, -amount.amount);
            move(destination, amount.amount);
          }
        }
        let sum = 0n;
        for (const [account, balance] of balances) {
          sum += balance;
          if (/^(cash|clearing):/.test(account)) expect([account, balance]).toEqual([account, 0n]);
        }
        expect(sum).toBe(0n);
      }),
      { numRuns: 400 },
    );
  });
});
