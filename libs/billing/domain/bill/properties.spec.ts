import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { billDecider, type BillCommand, type BillState } from './index.js';

const tenant = asId<'tenant'>('demo');
const organisationId = asId<'organisation'>('school-1');
const TOTAL = 1_000n;
const asOf = parseLocalDate('2026-09-15');

const issue: BillCommand = {
  kind: 'issue',
  billId: asId('bill-1'),
  tenant,
  organisationId,
  number: 'n',
  payer: { subjectId: asId('s1'), number: '1', name: 'n', group: '', grade: '' },
  academicYear: '2026-2027',
  term: '1',
  items: [600n, 400n].map((amount, index) => ({
    feeItemId: asId(`item-${index}`),
    code: 'c',
    name: 'n',
    category: 'c',
    glCode: 'g',
    priority: 2 - index,
    amount: money(CNY, amount),
  })),
  waived: money(CNY, 0n),
  dueDate: parseLocalDate('2026-09-30'),
  policy: { partialAllowed: true, minimumPartial: money(CNY, 1n) },
  at: parseInstant('2026-09-01T00:00:00.000Z'),
};

/** What the payments themselves know, beside the bill: the protocol of a payment, in any interleaving with others. */
interface PaymentModel {
  held: bigint;
  paid: bigint;
  ended: boolean;
}

const step = fc.record({
  payment: fc.integer({ min: 0, max: 5 }),
  act: fc.constantFrom('reserve', 'reserveAll', 'allocate', 'release', 'cancel', 'reissue'),
  amount: fc.bigInt({ min: -5n, max: 1_200n }),
});

describe('a bill under any interleaving of payments', () => {
  it('is never reserved or paid beyond its total, and allocates every reservation', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state: BillState = run(issue, billDecider.initial).state;
        const payments = Array.from({ length: 6 }, (): PaymentModel => ({
          held: 0n,
          paid: 0n,
          ended: false,
        }));
        for (const { payment, act, amount } of steps) {
          const model = payments[payment]!;
          const command = commandOf(act, payment, amount);
          if (act === 'release' && model.paid > 0n) continue;
          if (command.kind === 'allocate' && model.held === 0n && model.paid === 0n) continue;
          // A captured payment allocates what it reserved.
          const asked =
            command.kind === 'allocate'
              ? { ...command, amount: money(CNY, model.held || model.paid) }
              : command;
          const { accepted, state: after } = run(asked, state);
          if (command.kind === 'allocate') expect(accepted).toBe(true);
          follow(model, { command: asked, accepted, before: state, after });
          state = after;
          check(state, payments);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function commandOf(act: string, payment: number, amount: bigint): BillCommand {
  const paymentId = asId<'payment'>(`p${payment}`);
  switch (act) {
    case 'reserve':
      return {
        kind: 'reserve',
        tenant,
        organisationId: undefined,
        paymentId,
        amount: money(CNY, amount),
        asOf,
      };
    case 'reserveAll':
      return { kind: 'reserve', tenant, organisationId: undefined, paymentId, amount: undefined, asOf };
    case 'allocate':
      return { kind: 'allocate', paymentId, amount: money(CNY, 1n) };
    case 'release':
      return { kind: 'release', paymentId };
    case 'cancel':
      return { kind: 'cancel', tenant, organisationId, reason: 'r', requestId: `r${payment}` };
    default:
      return issue;
  }
}

function run(command: BillCommand, state: BillState): { accepted: boolean; state: BillState } {
  const decision = billDecider.decide(command, state);
  if (!decision.accepted) return { accepted: false, state };
  return { accepted: true, state: decision.events.reduce(billDecider.evolve, state) };
}

function follow(
  model: PaymentModel,
  step: {
    readonly command: BillCommand;
    readonly accepted: boolean;
    readonly before: BillState;
    readonly after: BillState;
  },
): void {
  const { command, accepted, before, after } = step;
  if (!accepted || before.status === 'absent' || after.status === 'absent') return;
  if (command.kind === 'reserve' && model.held === 0n && model.paid === 0n) {
    expect(model.ended).toBe(false);
    model.held = after.reserved - before.reserved;
    expect(model.held).toBeGreaterThan(0n);
  }
  if (command.kind === 'allocate' && model.held > 0n) {
    model.paid = after.paid - before.paid;
    expect(model.paid).toBe(model.held);
    model.held = 0n;
  }
  if (command.kind === 'release') {
    model.held = 0n;
    model.ended = true;
  }
}

function check(state: BillState, payments: readonly PaymentModel[]): void {
  if (state.status === 'absent') throw new Error('The bill is gone.');
  const held = payments.reduce((sum, payment) => sum + payment.held, 0n);
  const paid = payments.reduce((sum, payment) => sum + payment.paid, 0n);
  expect({ reserved: state.reserved, paid: state.paid }).toEqual({ reserved: held, paid });
  expect(held + paid).toBeLessThanOrEqual(TOTAL);
  expect(state.outstanding).toBe(state.status === 'cancelled' ? 0n : TOTAL - paid);
  expect(state.paidPerItem.reduce((sum, { amount }) => sum + amount, 0n)).toBe(paid);
  for (const { feeItemId, amount } of state.paidPerItem) {
    expect(amount).toBeLessThanOrEqual(
      state.items.find((item) => item.feeItemId === feeItemId)!.amount.amount,
    );
  }
  const status = paid === TOTAL ? 'paid' : paid > 0n ? 'partiallyPaid' : 'issued';
  expect(['cancelled', status]).toContain(state.status);
}
