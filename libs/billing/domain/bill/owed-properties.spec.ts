import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { addDays, type LocalDate } from '#libs/kernel/time/index.js';
import { auditBill } from '#libs/testing/bill-audit.js';
import { issue as plain, organisationId, tenant } from '#libs/testing/bill-fixture.js';
import {
  billDecider,
  duesOn,
  isClosed,
  shareOf,
  type BillCommand,
  type BillEvent,
  type BillState,
  type IssueBill,
  type PaymentPolicy,
} from './index.js';

const fen = (minor: bigint) => money(CNY, minor);
const WAIVED = 100n;

const issue: IssueBill = {
  ...plain,
  items: [700n, 400n, -100n].map((amount, index) => ({
    feeItemId: asId(`item-${index}`),
    code: 'c',
    name: 'n',
    category: 'c',
    glCode: 'g',
    priority: 2 - (index % 2),
    amount: fen(amount),
  })),
  waived: fen(WAIVED),
};

const policy: fc.Arbitrary<PaymentPolicy> = fc.record({
  partialAllowed: fc.constant(true),
  minimumPartial: fc.constant(fen(1n)),
  advanceAllowed: fc.boolean(),
  expiresAfterDays: fc.constantFrom(undefined, 10),
  rebate: fc.constantFrom(undefined, { share: '3/100', untilDaysBeforeDue: 2 }),
  lateFee: fc.option(
    fc.record({
      rate: fc.constantFrom('5/10000', '1/3', '0/1'),
      graceDays: fc.constantFrom(0, 2),
      flat: fc.constantFrom(undefined, fen(7n)),
      minimum: fc.constantFrom(undefined, fen(20n)),
      maximum: fc.constantFrom(undefined, fen(300n)),
      order: fc.constantFrom('lateFeeFirst' as const, 'principalFirst' as const),
    }),
    { nil: undefined },
  ),
});

const ACTS = [
  'reserve',
  'reserveAll',
  'quote',
  'reserveQuoted',
  'allocate',
  'allocatePart',
  'release',
  'refund',
  'reverse',
  'credit',
  'debit',
  'amend',
  'days',
  'cancel',
  'expire',
  'requestWriteOff',
  'writeOff',
] as const;

const step = fc.record({
  payment: fc.integer({ min: 0, max: 7 }),
  act: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...ACTS) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(...ACTS.filter((act) => !/cancel|expire|[wW]riteOff/.test(act))),
    },
  ),
  amount: fc.bigInt({ min: 1n, max: 900n }),
  days: fc.integer({ min: 1, max: 6 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Run {
  state: BillState;
  day: LocalDate;
  quote: { readonly day: LocalDate; readonly due: bigint } | undefined;
  readonly events: BillEvent[];
}

function start(terms: PaymentPolicy): Run {
  const run: Run = {
    state: billDecider.initial,
    day: addDays(issue.dueDate, -4),
    quote: undefined,
    events: [],
  };
  decide(run, { ...issue, policy: terms });
  return run;
}

function decide(run: Run, command: BillCommand): readonly BillEvent[] | undefined {
  const decision = billDecider.decide(command, run.state);
  if (!decision.accepted) return undefined;
  run.state = decision.events.reduce(billDecider.evolve, run.state);
  run.events.push(...decision.events);
  return decision.events;
}

function known(run: Run) {
  if (run.state.status === 'absent') throw new Error('The bill is gone.');
  return run.state;
}

function take(run: Run, { act, payment, amount, days }: Step, index: number): void {
  const paymentId = asId<'payment'>(`p${index}`);
  const bill = known(run);
  if (act === 'days') {
    run.day = addDays(run.day, days);
  } else if (act === 'quote') {
    if (!isClosed(bill)) run.quote = { day: run.day, due: duesOn(bill, run.day).due };
  } else if (act === 'reserveQuoted') {
    payQuoted(run, paymentId);
  } else {
    const command = commandOf(run, { act, payment, amount, days }, index);
    if (command) decide(run, command);
  }
}

/** Paying within a quote costs what was quoted, to the minor unit, and settles the bill. */
function payQuoted(run: Run, paymentId: ReturnType<typeof asId<'payment'>>): void {
  if (!run.quote) return;
  const { day: asOf, due } = run.quote;
  const quotedDue = fen(due);
  const ask = { tenant, organisationId: undefined, paymentId, amount: undefined, asOf, quotedDue } as const;
  const events = decide(run, { kind: 'reserve', ...ask });
  const reserved = events?.find(({ type }) => type === 'BillReserved');
  if (reserved?.type !== 'BillReserved') return;
  expect(reserved.data.amount).toEqual(quotedDue);
  const paid: Run = { ...run, events: [] };
  decide(paid, { kind: 'allocate', paymentId, amount: quotedDue });
  expect(known(paid)).toMatchObject({ outstanding: 0n, reserved: 0n });
}

function commandOf(run: Run, { act, payment, amount }: Step, index: number): BillCommand | undefined {
  const bill = known(run);
  const paymentId = asId<'payment'>(`p${index}`);
  const refundId = asId<'refund'>(`r${index}`);
  // Whatever goes on with a payment is about one that got so far.
  const held = bill.reservations[payment % bill.reservations.length];
  const share = bill.allocations[payment % bill.allocations.length];
  const scope = { tenant, organisationId };
  switch (act) {
    case 'reserve':
      return { kind: 'reserve', ...scope, paymentId, amount: fen(amount), asOf: run.day };
    case 'reserveAll':
      return { kind: 'reserve', ...scope, paymentId, amount: undefined, asOf: run.day };
    case 'allocate':
      return held && { kind: 'allocate', paymentId: held.paymentId, amount: fen(held.amount) };
    case 'allocatePart':
      return (
        held && { kind: 'allocate', paymentId: held.paymentId, amount: fen(1n + (amount % held.amount)) }
      );
    case 'release':
      return { kind: 'release', paymentId: held?.paymentId ?? paymentId };
    case 'refund':
      return share && { kind: 'refund', refundId, paymentId: share.paymentId, amount: fen(amount % 200n) };
    case 'reverse':
      return share && { kind: 'reverse', refundId, paymentId: share.paymentId, why: 'dishonour' };
    case 'credit':
    case 'debit':
      return {
        kind: 'adjust',
        ...scope,
        noteId: `n${index}`,
        note: act,
        amount: fen(amount % 300n),
        feeItemId: undefined,
        reason: 'r',
      };
    case 'amend':
      return {
        ...issue,
        policy: bill.policy,
        items: bill.items.map((item, at) => (at === 0 ? { ...item, amount: fen(amount) } : item)),
      };
    case 'cancel':
      return { kind: 'cancel', ...scope, reason: 'r', requestId: `c${index}` };
    case 'expire':
      return { kind: 'expire', today: run.day };
    case 'requestWriteOff':
      return {
        kind: 'requestWriteOff',
        ...scope,
        approvalId: `a${index}`,
        reason: 'r',
        at: plain.at,
        expiresAt: plain.at,
      };
    case 'writeOff':
      return { kind: 'writeOff', approvalId: bill.writeOffs.at(-1)?.approvalId ?? 'none' };
    case 'days':
    case 'quote':
    case 'reserveQuoted':
      return undefined;
    default:
      return assertNever(act, 'act');
  }
}

function check(run: Run): void {
  auditBill(known(run), run.events);
}

/** Money of a payment under way can always arrive, in whatever order the payments end. */
function allocatesEverything(run: Run, reverse: boolean): void {
  const end: Run = { ...run, events: [...run.events] };
  const held = [...known(run).reservations];
  for (const { paymentId, amount } of reverse ? held.toReversed() : held) {
    expect(decide(end, { kind: 'allocate', paymentId, amount: fen(amount) })).toHaveLength(1);
  }
  check(end);
}

describe('a bill with every term under any interleaving', () => {
  it('adds up at every step, allocates every reservation, and honours every quote', () => {
    fc.assert(
      fc.property(policy, fc.array(step, { maxLength: 50 }), (terms, steps) => {
        const run = start(terms);
        for (const [index, act] of steps.entries()) {
          take(run, act, index);
          check(run);
        }
        allocatesEverything(run, false);
        allocatesEverything(run, true);
      }),
      { numRuns: 700, seed: 20_260_901 },
    );
  });

  it('comes back to the same figures when a payment is reversed and paid again on the same day', () => {
    fc.assert(
      fc.property(
        policy,
        fc.array(fc.bigInt({ min: 1n, max: 400n }), { minLength: 1, maxLength: 4 }),
        fc.nat(20),
        (terms, amounts, late) => {
          const run = start({ ...terms, expiresAfterDays: undefined, rebate: undefined });
          run.day = addDays(run.day, late);
          for (const [index, amount] of amounts.entries()) pay(run, `p${index}`, amount);
          const before = figuresOf(run);
          for (const index of amounts.keys()) {
            const share = shareOf(known(run).allocations, asId<'payment'>(`p${index}`));
            if (!share) continue;
            decide(run, {
              kind: 'reverse',
              refundId: asId('r'),
              paymentId: share.paymentId,
              why: 'receiptCancel',
            });
            check(run);
            pay(run, `again${index}`, share.amount);
            expect(figuresOf(run)).toEqual(before);
          }
        },
      ),
      { numRuns: 300, seed: 20_260_902 },
    );
  });

  it('charges the same late fee however often it is charged in between', () => {
    fc.assert(
      fc.property(policy, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }), (terms, gaps) => {
        const often = start({ ...terms, expiresAfterDays: undefined });
        for (const [index, days] of gaps.entries()) {
          often.day = addDays(often.day, days);
          const paymentId = asId<'payment'>(`p${index}`);
          const ask = { kind: 'reserve', tenant, organisationId, paymentId, amount: fen(1n) } as const;
          decide(often, { ...ask, asOf: often.day });
          decide(often, { kind: 'release', paymentId });
        }
        const once = start({ ...terms, expiresAfterDays: undefined });
        const bill = known(often);
        const unpaid = known(once);
        if (isClosed(bill) || isClosed(unpaid)) throw new Error('closed');
        expect(duesOn(bill, often.day).due).toBe(duesOn(unpaid, often.day).due);
      }),
      { numRuns: 300, seed: 20_260_903 },
    );
  });
});

function pay(run: Run, id: string, amount: bigint): void {
  const paymentId = asId<'payment'>(id);
  decide(run, { kind: 'reserve', tenant, organisationId, paymentId, amount: fen(amount), asOf: run.day });
  const held = shareOf(known(run).reservations, paymentId);
  if (held) decide(run, { kind: 'allocate', paymentId, amount: fen(held.amount) });
}

function figuresOf(run: Run) {
  const { outstanding, paid, lateFee, paidPerItem, status } = known(run);
  const perItem = Object.fromEntries(paidPerItem.map(({ feeItemId, amount }) => [feeItemId, amount]));
  return { status, outstanding, paid, charged: lateFee.charged, lateFeePaid: lateFee.paid, perItem };
}
