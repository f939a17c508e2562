import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import {
  allocated,
  billId,
  cancelled,
  first,
  issue,
  issued,
  issuedWith,
  item,
  reserve,
  reserved,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider, type BillEvent, type IssueBill } from './index.js';

describe('issuing a bill', () => {
  it('issues it with its figures', () => {
    const { at: issuedAt, kind: _kind, ...content } = { ...issue, waived: yuan(30) };
    spec(billDecider)
      .given([])
      .when({ ...issue, waived: yuan(30) })
      .then([
        {
          type: 'BillIssued',
          data: { ...content, issuedAt, total: yuan(100), outstandingAfter: yuan(70) },
        },
      ]);
  });

  it('says nothing when the same content comes again, paid or not', () => {
    spec(billDecider).given([issued]).when(issue).then([]);
    const paid = [issued, reserved(first, 100), allocated(first, 100, 0)];
    spec(billDecider).given(paid).when(issue).then([]);
  });

  it.each([
    ['credit', 80, 20],
    ['debit', 130, 30],
  ] as const)('amends an unpaid bill with a %s note', (kind, amount, difference) => {
    const items = [item('TUITION', amount)];
    spec(billDecider)
      .given([issued])
      .when({ ...issue, items })
      .then([
        {
          type: 'BillAmended',
          data: {
            billId,
            items,
            total: yuan(amount),
            waived: yuan(0),
            dueDate: issue.dueDate,
            note: { kind, difference: yuan(difference) },
            outstandingAfter: yuan(amount),
          },
        },
      ]);
  });

  it('amends the due date without a note', () => {
    const dueDate = parseLocalDate('2026-10-15');
    const figures = { items: issue.items, total: yuan(100), waived: yuan(0), outstandingAfter: yuan(100) };
    spec(billDecider)
      .given([issued])
      .when({ ...issue, dueDate })
      .then([{ type: 'BillAmended', data: { billId, ...figures, dueDate, note: null } }]);
  });

  it('counts a bill that is waived in full as paid, and reopens it when the waiver goes', () => {
    const waived = issuedWith({ waived: yuan(100) });
    spec(billDecider).given([waived]).when(reserve(first)).thenRejected({
      code: 'BILL_ALREADY_PAID',
      details: { billId },
    });
    const decision = billDecider.decide(issue, fold(billDecider, [waived]));
    const events = decision.accepted ? decision.events : [];
    expect(fold(billDecider, [waived, ...events])).toMatchObject({ status: 'issued', outstanding: 10_000n });
  });

  it('puts the payer right, also on a paid bill, and keeps whom the bill is about', () => {
    const payer = { ...issue.payer, subjectId: asId<'subject'>('other'), group: '2班' };
    const corrected = { ...payer, subjectId: issue.payer.subjectId };
    spec(billDecider)
      .given([issued, reserved(first, 100), allocated(first, 100, 0)])
      .when({ ...issue, payer })
      .then([{ type: 'BillPayerCorrected', data: { billId, payer: corrected } }]);
  });

  it('does not bring back a name that was erased', () => {
    const data = issued.data as Extract<BillEvent, { type: 'BillIssued' }>['data'];
    const erased: BillEvent = { type: 'BillIssued', data: { ...data, payer: { ...data.payer, name: null } } };
    spec(billDecider).given([erased]).when(issue).then([]);
  });

  it('changes no figure once money is on the bill', () => {
    const other = { ...issue, items: [item('TUITION', 50)] };
    const details = { billId };
    const onIt = [issued, reserved(first, 10)];
    spec(billDecider).given(onIt).when(other).thenRejected({ code: 'BILL_RESERVED', details });
    const paid = [...onIt, allocated(first, 10, 90)];
    spec(billDecider).given(paid).when(other).thenRejected({ code: 'BILL_ALREADY_PAID', details });
    const gone = [issued, cancelled];
    spec(billDecider).given(gone).when(other).thenRejected({ code: 'BILL_CANCELLED', details });
  });

  it.each<[string, Partial<IssueBill>, readonly string[]]>([
    ['no item', { items: [] }, ['items']],
    ['the same item twice', { items: [item('A', 1), item('A', 2)] }, ['items']],
    ['an amount of zero', { items: [item('A', 0)] }, ['amount']],
    [
      'two currencies',
      { items: [item('A', 1), { ...item('B', 1), amount: money('USD/2', 1n) }] },
      ['amount'],
    ],
    ['a waiver above the sum', { waived: yuan(100.01) }, ['waived']],
    ['a waiver below zero', { waived: yuan(-1) }, ['waived']],
    ['a waiver in another currency', { waived: money('USD/2', 0n) }, ['waived']],
    ['an organisation that no account path can name', { organisationId: asId('a:b') }, ['organisationId']],
    ['a blank name', { payer: { ...issue.payer, name: ' ' } }, ['payer', 'name']],
    ['a blank number', { payer: { ...issue.payer, number: '' } }, ['payer', 'number']],
    ['an endless class', { payer: { ...issue.payer, group: 'x'.repeat(201) } }, ['payer', 'group']],
    ['a blank year', { academicYear: '' }, ['academicYear']],
    ['an endless term', { term: 'x'.repeat(41) }, ['term']],
  ])('refuses %s', (_what, change, path) => {
    spec(billDecider)
      .given([])
      .when({ ...issue, ...change })
      .thenRejected({ code: 'INVALID_BILL', path });
  });
});
