import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import {
  adjust,
  after,
  allocate,
  allocated,
  billId,
  first,
  issue,
  issued,
  issuedWith,
  item,
  reserved,
  second,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider } from './index.js';

const paid = [issued, reserved(first, 100), allocated(first, 100, 0)];

describe('a note', () => {
  it('lowers or raises what a bill with money on it asks for', () => {
    const part = [issued, reserved(first, 40), allocated(first, 40, 60)];
    const data = { billId, noteId: 'n1', reason: 'why', statusAfter: 'partiallyPaid' } as const;
    const onItem = (amount: number) => [{ feeItemId: asId<'feeItem'>('item-TUITION'), amount: yuan(amount) }];
    spec(billDecider)
      .given(part)
      .when(adjust('credit', 25))
      .then([
        {
          type: 'BillAdjusted',
          data: {
            ...data,
            note: 'credit',
            amount: yuan(25),
            perItem: onItem(-25),
            adjustedAfter: yuan(-25),
            outstandingAfter: yuan(35),
          },
        },
      ]);
    spec(billDecider)
      .given(part)
      .when(adjust('debit', 25))
      .then([
        {
          type: 'BillAdjusted',
          data: {
            ...data,
            note: 'debit',
            amount: yuan(25),
            perItem: onItem(25),
            adjustedAfter: yuan(25),
            outstandingAfter: yuan(85),
          },
        },
      ]);
    expect(fold(billDecider, after(part, adjust('credit', 60)))).toMatchObject({
      status: 'paid',
      outstanding: 0n,
    });
  });

  it('spreads a credit from the item paid last on, and goes where it is told', () => {
    const items = [item('A', 50, 1), item('B', 50, 2)];
    const bill = issuedWith({ items });
    const noted = after([bill], adjust('credit', 70)).at(-1);
    expect(noted).toMatchObject({
      data: {
        perItem: [
          { feeItemId: 'item-B', amount: yuan(-50) },
          { feeItemId: 'item-A', amount: yuan(-20) },
        ],
      },
    });
    const there = after([bill], adjust('debit', 5, { feeItemId: asId('item-A') })).at(-1);
    expect(there).toMatchObject({ data: { perItem: [{ feeItemId: 'item-A', amount: yuan(5) }] } });
    spec(billDecider)
      .given([bill])
      .when(adjust('debit', 5, { feeItemId: asId('item-C') }))
      .thenRejected({ code: 'UNKNOWN_FEE_ITEM', details: { billId } });
  });

  it('never goes below what is paid or reserved', () => {
    const held = [issued, reserved(first, 40), allocated(first, 40, 60), reserved(second, 50)];
    const details = { billId, outstanding: '10.00' };
    const refusal = { code: 'AMOUNT_EXCEEDS_OUTSTANDING', details } as const;
    spec(billDecider).given(held).when(adjust('credit', 10.01)).thenRejected(refusal);
    spec(billDecider).given(held).when(adjust('debit', 0)).thenRejected(refusal);
    const settled = after(held, adjust('credit', 10), allocate(second, 50));
    expect(fold(billDecider, settled)).toMatchObject({ status: 'paid', outstanding: 0n, paid: 9_000n });
  });

  it('happens once per key, on the caller’s own bills that still ask for something', () => {
    const noted = after([issued], adjust('credit', 10));
    spec(billDecider).given(noted).when(adjust('credit', 10)).then([]);
    spec(billDecider).given(noted).when(adjust('credit', 11)).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    spec(billDecider)
      .given(paid)
      .when(adjust('debit', 1))
      .thenRejected({ code: 'BILL_ALREADY_PAID', details: { billId } });
    spec(billDecider).given([]).when(adjust('debit', 1)).thenRejected({ code: 'BILL_NOT_FOUND' });
    for (const change of [{ tenant: 'other' }, { organisationId: 'school-2' }]) {
      spec(billDecider)
        .given([issued])
        .when(adjust('debit', 1, change))
        .thenRejected({ code: 'BILL_NOT_FOUND' });
    }
  });

  it('outlives an amendment that leaves room for it', () => {
    const noted = after([issued], adjust('credit', 40));
    const amended = after(noted, { ...issue, items: [item('TUITION', 80)] });
    expect(amended.at(-1)).toMatchObject({ type: 'BillAmended', data: { outstandingAfter: yuan(40) } });
    spec(billDecider)
      .given(noted)
      .when({ ...issue, items: [item('TUITION', 30)] })
      .thenRejected({ code: 'INVALID_BILL', path: ['amount'] });
    spec(billDecider).given(noted).when(issue).then([]);
  });
});
