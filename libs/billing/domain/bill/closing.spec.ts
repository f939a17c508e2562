import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { addMs, parseLocalDate } from '#libs/kernel/time/index.js';
import {
  adjust,
  after,
  allocate,
  barred,
  billId,
  cancel,
  first,
  issue,
  issued,
  issuedWith,
  item,
  organisationId,
  reserve,
  tenant,
  third,
  yuan,
} from '#libs/testing/bill-fixture.js';
import { spec } from '#libs/testing/decider-spec.js';
import { billDecider, type BillCommand, type BillEvent } from './index.js';

const ask = (approvalId = 'a1', at = issue.at): BillCommand => ({
  kind: 'requestWriteOff',
  tenant,
  organisationId,
  approvalId,
  reason: 'gone',
  at,
  expiresAt: addMs(at, 1_000),
});

describe('a write-off', () => {
  const request: BillEvent = {
    type: 'BillWriteOffRequested',
    data: {
      billId,
      approvalId: 'a1',
      amount: yuan(100),
      reason: 'gone',
      requestedAt: issue.at,
      expiresAt: addMs(issue.at, 1_000),
    },
  };
  const writeOff: BillCommand = { kind: 'writeOff', approvalId: 'a1' };
  const refused = (why: 'declined' | 'billChanged'): BillEvent => ({
    type: 'BillWriteOffRefused',
    data: { billId, approvalId: 'a1', why },
  });

  it('waits for a second person, one at a time', () => {
    spec(billDecider).given([issued]).when(ask()).then([request]);
    spec(billDecider).given([issued, request]).when(ask()).then([]);
    spec(billDecider)
      .given([issued, request])
      .when(ask('a2'))
      .thenRejected({ code: 'WRITE_OFF_PENDING', details: { billId } });
    const later = after([issued, request], ask('a2', addMs(issue.at, 1_000)));
    spec(billDecider).given(later).when(writeOff).then([]);
    expect(fold(billDecider, later)).toMatchObject({
      writeOffs: [{ outcome: 'refused' }, { outcome: 'pending' }],
    });
  });

  it('gives up what is outstanding, at most what was approved', () => {
    const done: BillEvent = {
      type: 'BillWrittenOff',
      data: { billId, approvalId: 'a1', amount: yuan(100), reason: 'gone', outstandingAfter: yuan(0) },
    };
    spec(billDecider).given([issued, request]).when(writeOff).then([done]);
    spec(billDecider).given([issued, request, done]).when(writeOff).then([]);
    spec(billDecider)
      .given([issued, request, done])
      .when(reserve(first))
      .thenRejected({ code: 'BILL_WRITTEN_OFF', details: { billId } });
    const less = after([issued, request], reserve(first, 40), allocate(first, 40), writeOff);
    expect(fold(billDecider, less)).toMatchObject({ status: 'writtenOff', outstanding: 0n, lapsed: 6_000n });
  });

  it('is off when it was declined or the bill has changed', () => {
    spec(billDecider)
      .given([issued, request])
      .when({ kind: 'refuseWriteOff', approvalId: 'a1' })
      .then([refused('declined')]);
    for (const change of [adjust('debit', 1), reserve(first, 10), cancel]) {
      spec(billDecider)
        .given(after([issued, request], change))
        .when(writeOff)
        .then([refused('billChanged')]);
    }
    spec(billDecider)
      .given([issued, request, refused('declined')])
      .when(writeOff)
      .then([]);
  });
});

describe('expiry', () => {
  const bill = issuedWith({ policy: { ...issue.policy, expiresAfterDays: 10 } });
  const expire = (today: string): BillCommand => ({ kind: 'expire', today: parseLocalDate(today) });
  const details = { billId };

  it('comes the day after the last day, not before', () => {
    spec(billDecider).given([bill]).when(expire('2026-10-10')).then([]);
    spec(billDecider)
      .given([bill])
      .when(expire('2026-10-11'))
      .then([
        {
          type: 'BillExpired',
          data: {
            billId,
            amount: yuan(100),
            lastDay: parseLocalDate('2026-10-10'),
            outstandingAfter: yuan(0),
          },
        },
      ]);
    spec(billDecider).given([issued]).when(expire('2036-10-11')).then([]);
  });

  it('waits for a payment under way, and leaves a paid bill alone', () => {
    spec(billDecider)
      .given(after([bill], reserve(first)))
      .when(expire('2026-10-11'))
      .then([]);
    const settled = after([bill], reserve(first), allocate(first, 100));
    spec(billDecider).given(settled).when(expire('2026-10-11')).then([]);
  });

  it('lets nobody pay, whether it has been noted yet or not', () => {
    const late = { ...reserve(first), asOf: parseLocalDate('2026-10-11') } as BillCommand;
    spec(billDecider).given([bill]).when(late).thenRejected({ code: 'BILL_EXPIRED', details });
    const gone = after([bill], expire('2026-10-11'));
    spec(billDecider).given(gone).when(reserve(first)).thenRejected({ code: 'BILL_EXPIRED', details });
    spec(billDecider)
      .given(gone)
      .when({ kind: 'release', paymentId: third })
      .then([barred(third)]);
    spec(billDecider).given(gone).when(cancel).thenRejected({ code: 'BILL_EXPIRED', details });
    spec(billDecider)
      .given(gone)
      .when({ ...issue, policy: bill.type === 'BillIssued' ? bill.data.policy : issue.policy })
      .then([]);
    spec(billDecider)
      .given(gone)
      .when({ ...issue, items: [item('TUITION', 50)] })
      .thenRejected({ code: 'BILL_EXPIRED', details });
  });
});
