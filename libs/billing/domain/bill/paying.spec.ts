import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import {
  allocated,
  barred,
  billId,
  cancel,
  cancelled,
  first,
  issued,
  issuedWith,
  item,
  organisationId,
  released,
  reserve,
  reserved,
  second,
  third,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider, type BillCommand, type BillEvent } from './index.js';
import { ENDED_KEPT } from './state.js';

describe('reserving', () => {
  it('reserves all that is outstanding, or an amount of it', () => {
    spec(billDecider)
      .given([issued])
      .when(reserve(first))
      .then([reserved(first, 100)]);
    spec(billDecider)
      .given([issued, reserved(first, 40)])
      .when(reserve(second, 60))
      .then([reserved(second, 60, 100)]);
  });

  it('is a no-op for a payment that reserved or was allocated before', () => {
    spec(billDecider)
      .given([issued, reserved(first, 40)])
      .when(reserve(first, 99))
      .then([]);
    spec(billDecider)
      .given([issued, reserved(first, 100), allocated(first, 100, 0)])
      .when(reserve(first))
      .then([]);
  });

  it('lets no second payment in where the first may pay', () => {
    const details = { billId };
    const held = [issued, reserved(first, 100)];
    spec(billDecider).given(held).when(reserve(second)).thenRejected({ code: 'BILL_RESERVED', details });
    spec(billDecider)
      .given([issued, reserved(first, 40)])
      .when(reserve(second))
      .thenRejected({ code: 'BILL_RESERVED', details });
    spec(billDecider)
      .given([issued, reserved(first, 40)])
      .when(reserve(second, 60.01))
      .thenRejected({ code: 'BILL_RESERVED', details });
    spec(billDecider)
      .given([...held, released(first, 100)])
      .when(reserve(second))
      .then([reserved(second, 100)]);
  });

  it('refuses what there is not, in the same words for what is not the payer’s to see', () => {
    const command = reserve(first) as Extract<BillCommand, { kind: 'reserve' }>;
    spec(billDecider).given([]).when(command).thenRejected({ code: 'BILL_NOT_FOUND' });
    const elsewhere = { ...command, tenant: asId<'tenant'>('other') };
    spec(billDecider).given([issued]).when(elsewhere).thenRejected({ code: 'BILL_NOT_FOUND' });
    const otherCounter = { ...command, organisationId: asId<'organisation'>('school-2') };
    spec(billDecider).given([issued]).when(otherCounter).thenRejected({ code: 'BILL_NOT_FOUND' });
    spec(billDecider)
      .given([issued])
      .when({ ...command, organisationId })
      .then([reserved(first, 100)]);
  });

  it('refuses more than is outstanding, nothing at all, and another currency', () => {
    const details = { billId, outstanding: '100.00' };
    const expected = { code: 'AMOUNT_EXCEEDS_OUTSTANDING', details } as const;
    spec(billDecider).given([issued]).when(reserve(first, 100.01)).thenRejected(expected);
    spec(billDecider).given([issued]).when(reserve(first, 0)).thenRejected(expected);
    const dollars = { ...reserve(first), amount: money('USD/2', 1n) } as BillCommand;
    spec(billDecider).given([issued]).when(dollars).thenRejected(expected);
  });

  it('keeps the policy for parts', () => {
    const whole = issuedWith({ policy: { partialAllowed: false, minimumPartial: yuan(0.01) } });
    const refusal = {
      code: 'PARTIAL_NOT_ALLOWED',
      details: { billId, minimum: '0.01', outstanding: '100.00' },
    } as const;
    spec(billDecider).given([whole]).when(reserve(first, 99.99)).thenRejected(refusal);
    spec(billDecider)
      .given([whole])
      .when(reserve(first, 100))
      .then([reserved(first, 100)]);
    const bounded = issuedWith({ policy: { partialAllowed: true, minimumPartial: yuan(10) } });
    spec(billDecider)
      .given([bounded])
      .when(reserve(first, 9.99))
      .thenRejected({
        code: 'PARTIAL_NOT_ALLOWED',
        details: { billId, minimum: '10.00', outstanding: '100.00' },
      });
    spec(billDecider)
      .given([bounded])
      .when(reserve(first, 10))
      .then([reserved(first, 10)]);
  });

  it('refuses a paid bill, a cancelled one, and a payment that has ended', () => {
    const details = { billId };
    spec(billDecider)
      .given([issued, reserved(first, 100), allocated(first, 100, 0)])
      .when(reserve(second))
      .thenRejected({ code: 'BILL_ALREADY_PAID', details });
    spec(billDecider)
      .given([issued, cancelled])
      .when(reserve(second))
      .thenRejected({ code: 'BILL_CANCELLED', details });
    for (const history of [
      [issued, reserved(first, 100), released(first, 100)],
      [issued, barred(first)],
    ]) {
      spec(billDecider).given(history).when(reserve(first)).thenRejected({ code: 'PAYMENT_ENDED' });
    }
  });
});

describe('releasing', () => {
  const release = (paymentId: PaymentId): BillCommand => ({ kind: 'release', paymentId });

  it('gives a reservation back', () => {
    spec(billDecider)
      .given([issued, reserved(first, 40), reserved(second, 60, 100)])
      .when(release(first))
      .then([released(first, 40, 60)]);
  });

  it('bars a payment that had not reserved yet, once', () => {
    spec(billDecider)
      .given([issued])
      .when(release(first))
      .then([barred(first)]);
    spec(billDecider)
      .given([issued, barred(first)])
      .when(release(first))
      .then([]);
    spec(billDecider)
      .given([issued, reserved(first, 40), released(first, 40)])
      .when(release(first))
      .then([]);
    spec(billDecider)
      .given([issued, cancelled])
      .when(release(first))
      .then([barred(first)]);
    spec(billDecider).given([]).when(release(first)).then([]);
  });

  it('cannot release what was allocated', () => {
    spec(billDecider)
      .given([issued, reserved(first, 100), allocated(first, 100, 0)])
      .when(release(first))
      .thenImpossible();
  });

  it('remembers the newest ended payments only', () => {
    const many = Array.from({ length: ENDED_KEPT + 10 }, (_, index) => barred(asId(`e${index}`)));
    const state = fold(billDecider, [issued, ...many]);
    expect(state).toMatchObject({
      ended: many.slice(10).map(({ data }) => (data as { paymentId: string }).paymentId),
    });
  });
});

describe('allocating', () => {
  const allocate = (paymentId: PaymentId, amount: number): BillCommand => ({
    kind: 'allocate',
    paymentId,
    amount: yuan(amount),
  });

  it('turns the reservation into a payment', () => {
    spec(billDecider)
      .given([issued, reserved(first, 40), reserved(second, 60, 100)])
      .when(allocate(first, 40))
      .then([allocated(first, 40, 60, 60)]);
    spec(billDecider)
      .given([issued, reserved(first, 100)])
      .when(allocate(first, 100))
      .then([allocated(first, 100, 0)]);
  });

  it('frees the rest of a reservation that is not needed whole', () => {
    spec(billDecider)
      .given([issued, reserved(first, 100)])
      .when(allocate(first, 30))
      .then([allocated(first, 30, 70)]);
  });

  it('happens once per payment', () => {
    spec(billDecider)
      .given([issued, reserved(first, 40), allocated(first, 40, 60)])
      .when(allocate(first, 40))
      .then([]);
  });

  it('is refused without a reservation, beyond it, or in another currency', () => {
    const refusal = { code: 'NOT_RESERVED', details: { billId } } as const;
    spec(billDecider).given([issued]).when(allocate(first, 1)).thenRejected(refusal);
    const held = [issued, reserved(first, 40)];
    spec(billDecider).given(held).when(allocate(first, 40.01)).thenRejected(refusal);
    spec(billDecider).given(held).when(allocate(first, 0)).thenRejected(refusal);
    const dollars: BillCommand = { kind: 'allocate', paymentId: first, amount: money('USD/2', 1n) };
    spec(billDecider).given(held).when(dollars).thenRejected(refusal);
    spec(billDecider).given([]).when(allocate(first, 1)).thenRejected({ code: 'BILL_NOT_FOUND' });
  });

  it('pays by priority, then in the order of the bill, and lets the last bear the waiver', () => {
    const items = [item('B', 30, 2), item('A', 50, 1), item('C', 20, 2)];
    const history = [issuedWith({ items, waived: yuan(15) }), reserved(first, 60), reserved(second, 25, 85)];
    const parts = (paymentId: PaymentId, amount: number, before: readonly BillEvent[]) => {
      const decision = billDecider.decide(allocate(paymentId, amount), fold(billDecider, before));
      if (!decision.accepted) throw new Error(decision.rejection.code);
      const [event] = decision.events as [Extract<BillEvent, { type: 'BillPaymentAllocated' }>];
      return { event, perItem: event.data.perItem.map((part) => [part.feeItemId, part.amount.amount]) };
    };
    const one = parts(first, 60, history);
    expect(one.perItem).toEqual([
      ['item-A', 5_000n],
      ['item-B', 1_000n],
    ]);
    const two = parts(second, 25, [...history, one.event]);
    expect(two.perItem).toEqual([
      ['item-B', 2_000n],
      ['item-C', 500n],
    ]);
    expect(fold(billDecider, [...history, one.event, two.event])).toMatchObject({
      status: 'paid',
      outstanding: 0n,
      paid: 8_500n,
      reserved: 0n,
    });
  });
});

describe('cancelling', () => {
  it('cancels a bill without money on it, once per request', () => {
    spec(billDecider).given([issued]).when(cancel).then([cancelled]);
    spec(billDecider).given([issued, cancelled]).when(cancel).then([]);
    spec(billDecider)
      .given([issued, cancelled])
      .when({ ...cancel, requestId: 'r2' } as BillCommand)
      .thenRejected({ code: 'BILL_CANCELLED', details: { billId } });
  });

  it('is refused with money on the bill, and for what is not the bursar’s', () => {
    const details = { billId };
    const held = [issued, reserved(first, 40)];
    spec(billDecider).given(held).when(cancel).thenRejected({ code: 'BILL_RESERVED', details });
    const paid = [...held, allocated(first, 40, 60)];
    spec(billDecider).given(paid).when(cancel).thenRejected({ code: 'BILL_ALREADY_PAID', details });
    spec(billDecider).given([]).when(cancel).thenRejected({ code: 'BILL_NOT_FOUND' });
    for (const change of [{ tenant: 'other' }, { organisationId: 'school-2' }]) {
      const foreign = { ...cancel, ...change } as BillCommand;
      spec(billDecider).given([issued]).when(foreign).thenRejected({ code: 'BILL_NOT_FOUND' });
    }
  });
});

describe('a history that cannot be', () => {
  it.each<[string, readonly BillEvent[]]>([
    ['issued twice', [issued, issued]],
    ['reserved before it was issued', [reserved(first, 1)]],
    ['reserved beyond what is outstanding', [issued, reserved(first, 60), reserved(second, 60, 120)]],
    ['reserved twice for one payment', [issued, reserved(first, 10), reserved(first, 10, 20)]],
    ['reserved with a wrong sum', [issued, reserved(first, 10, 11)]],
    ['released without a reservation', [issued, released(first, 10)]],
    ['allocated without a reservation', [issued, allocated(first, 10, 90)]],
    ['allocated beyond the reservation', [issued, reserved(first, 10), allocated(first, 20, 80)]],
    ['allocated with wrong figures', [issued, reserved(first, 10), allocated(first, 10, 91)]],
    ['cancelled with a reservation', [issued, reserved(first, 10), cancelled]],
    ['reserved after it was cancelled', [issued, cancelled, reserved(third, 10)]],
  ])('is refused: %s', (_what, history) => {
    spec(billDecider).given(history).thenImpossible();
  });
});
