import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { isUuid, type PaymentId } from '#libs/kernel/ids/index.js';
import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { billAggregate } from '../codec/index.js';
import { BillTimeline, type BillTimelineEntry } from '../contract/index.js';
import type { BillEvent } from '../domain/bill/index.js';

type Told = Pick<BillTimelineEntry, 'messageKey' | 'details'> & {
  readonly amount?: Money;
  readonly paymentId?: PaymentId;
};

/** Everything that happened to a bill, straight from the log. */
@QueryHandler(BillTimeline)
export class BillTimelineHandler implements IQueryHandler<BillTimeline> {
  constructor(@Inject(DECIDER_STORE) private readonly store: DeciderStore) {}

  async execute({ context, id }: BillTimeline): Promise<readonly BillTimelineEntry[] | undefined> {
    const { caller } = context;
    if (!isUuid(id)) return undefined;
    const history = await this.store.history(billAggregate, id);
    const issued = history[0]?.event;
    if (issued?.type !== 'BillIssued' || issued.data.tenant !== caller.tenant) return undefined;
    if (!mayReadOrganisation(caller, issued.data.organisationId)) return undefined;
    return history.map(entryOf);
  }
}

function entryOf({ event, id, revision, metadata }: DecodedEvent<BillEvent>): BillTimelineEntry {
  return {
    eventId: id,
    revision,
    type: event.type,
    at: metadata.at,
    actor: metadata.actor,
    ...told(event),
  };
}

/** The sentence's key and figures; amounts as decimals. */
function told(event: BillEvent): Told {
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
      const details = { outstanding: formatDecimal(outstandingAfter) };
      return { messageKey: 'bill.paymentAllocated', amount, paymentId, details };
    }
    case 'BillCancelled':
      return { messageKey: 'bill.cancelled', details: { reason: event.data.reason } };
    default:
      return assertNever(event, 'bill event');
  }
}
