import { assertNever } from '#libs/kernel/errors/index.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import type { BillTimelineEntry } from '../contract/index.js';
import type { BillEvent } from '../domain/bill/index.js';

type Told = Pick<BillTimelineEntry, 'messageKey' | 'details'> & {
  readonly amount?: Money;
  readonly paymentId?: PaymentId;
};

/** The sentence's key and figures; amounts as decimals. */
export function told(event: BillEvent): Told {
  switch (event.type) {
    case 'BillIssued': {
      const { total, waived, dueDate } = event.data;
      const details = { total: formatDecimal(total), waived: formatDecimal(waived), dueDate };
      return { messageKey: 'bill.issued', amount: event.data.outstandingAfter, details };
    }
    case 'BillAmended': {
      const { note, total, waived, dueDate, outstandingAfter } = event.data;
      const details = {
        total: formatDecimal(total),
        waived: formatDecimal(waived),
        dueDate,
        outstanding: formatDecimal(outstandingAfter),
      };
      if (!note) return { messageKey: 'bill.amended', details };
      return { messageKey: `bill.amended.${note.kind}`, amount: note.difference, details };
    }
    case 'BillPayerCorrected': {
      const { group, grade } = event.data.payer;
      return { messageKey: 'bill.payerCorrected', details: { group, grade } };
    }
    case 'BillReserved':
    case 'BillReservationReleased': {
      const { amount, paymentId } = event.data;
      const messageKey = event.type === 'BillReserved' ? 'bill.reserved' : 'bill.reservationReleased';
      return { messageKey, amount, paymentId, details: {} };
    }
    case 'BillPaymentBarred':
      return { messageKey: 'bill.paymentBarred', paymentId: event.data.paymentId, details: {} };
    case 'BillPaymentAllocated': {
      const { amount, paymentId, outstandingAfter } = event.data;
      const { lateFee, rebate } = event.data;
      const details = {
        outstanding: formatDecimal(outstandingAfter),
        ...(lateFee ? { lateFee: formatDecimal(lateFee) } : {}),
        ...(rebate ? { rebate: formatDecimal(rebate) } : {}),
      };
      if (rebate) return { messageKey: 'bill.paymentAllocated.rebate', amount, paymentId, details };
      if (lateFee) return { messageKey: 'bill.paymentAllocated.lateFee', amount, paymentId, details };
      return { messageKey: 'bill.paymentAllocated', amount, paymentId, details };
    }
    case 'BillCancelled':
      return { messageKey: 'bill.cancelled', details: { reason: event.data.reason } };
    case 'BillExpired':
      return {
        messageKey: 'bill.expired',
        amount: event.data.amount,
        details: { lastDay: event.data.lastDay },
      };
    default:
      return toldOfMoney(event);
  }
}

type MoneyEvent = Extract<
  BillEvent,
  {
    type:
      | 'BillLateFeeCharged'
      | 'BillLateFeeWaived'
      | 'BillRefunded'
      | 'BillAllocationReversed'
      | 'BillAdjusted'
      | 'BillWriteOffRequested'
      | 'BillWriteOffRefused'
      | 'BillWrittenOff';
  }
>;

function toldOfMoney(event: MoneyEvent): Told {
  switch (event.type) {
    case 'BillLateFeeCharged': {
      const { amount, principal, from, to } = event.data;
      const details = { principal: formatDecimal(principal), from, to };
      return { messageKey: 'bill.lateFeeCharged', amount, details };
    }
    case 'BillLateFeeWaived': {
      const { amount, paymentId, from, to } = event.data;
      return { messageKey: 'bill.lateFeeWaived', amount, paymentId, details: { from, to } };
    }
    case 'BillRefunded': {
      const { amount, paymentId, refundedAfter } = event.data;
      const details = { refunded: formatDecimal(refundedAfter) };
      return { messageKey: 'bill.refunded', amount, paymentId, details };
    }
    case 'BillAllocationReversed': {
      const { amount, paymentId, why, outstandingAfter } = event.data;
      const details = { outstanding: formatDecimal(outstandingAfter) };
      return { messageKey: `bill.allocationReversed.${why}`, amount, paymentId, details };
    }
    case 'BillAdjusted': {
      const { note, amount, reason, outstandingAfter } = event.data;
      const details = { reason, outstanding: formatDecimal(outstandingAfter) };
      return { messageKey: `bill.adjusted.${note}`, amount, details };
    }
    case 'BillWriteOffRequested': {
      const { amount, reason } = event.data;
      return { messageKey: 'bill.writeOffRequested', amount, details: { reason } };
    }
    case 'BillWriteOffRefused':
      return { messageKey: `bill.writeOffRefused.${event.data.why}`, details: {} };
    case 'BillWrittenOff': {
      const { amount, reason } = event.data;
      return { messageKey: 'bill.writtenOff', amount, details: { reason } };
    }
    default:
      return assertNever(event, 'bill event');
  }
}
