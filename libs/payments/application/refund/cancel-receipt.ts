import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { CancelReceipt, type CancelReceiptRejectionCode, type RefundView } from '../../contract/refunds.js';
import { RECEIPT_PLACES, type ReceiptPlaces } from '../../domain/receipt-book/index.js';
import { assertReason, organisationOf } from './ask-for-refund.js';
import { RefundProcess } from './refund-process.js';
import { refundViewOf } from './refund-view.js';
import { askToVoid } from './void-request.js';

type CancelOutcome = Outcome<RefundView, Rejection<CancelReceiptRejectionCode>>;

/** Takes any receipt of the organisation back, with a second person's consent. */
@CommandHandler(CancelReceipt)
export class CancelReceiptHandler implements ICommandHandler<CancelReceipt> {
  constructor(
    @Inject(RefundProcess) private readonly process: RefundProcess,
    @Inject(RECEIPT_PLACES) private readonly places: ReceiptPlaces,
  ) {}

  async execute({ context, input }: CancelReceipt): Promise<CancelOutcome> {
    const { receiptId, reason, idempotencyKey } = input;
    const organisationId = organisationOf(context.caller);
    if (organisationId === undefined) return refused('FORBIDDEN', 'The caller may not cancel receipts here.');
    assertReason(reason);
    const place = isUuid(receiptId) ? await this.places.find(context.caller.tenant, receiptId) : undefined;
    // Not yours looks exactly like not found.
    if (place?.organisationId !== organisationId) return NOT_FOUND;
    const asked = await askToVoid(this.process, {
      context,
      organisationId,
      operation: 'cancelReceipt',
      refundKind: 'receiptCancel',
      paymentId: place.paymentId,
      idempotencyKey,
      input: ['receiptCancel', receiptId, reason],
      reason,
    });
    if (asked.accepted) return { accepted: true, value: refundViewOf(asked.value, asked.value.channel) };
    const { code, message } = asked.rejection;
    return code === 'PAYMENT_NOT_FOUND' ? NOT_FOUND : refused(code, message);
  }
}

function refused(code: CancelReceiptRejectionCode, message: string): CancelOutcome {
  return { accepted: false, rejection: { code, message } };
}

const NOT_FOUND = refused('RECEIPT_NOT_FOUND', 'There is no such receipt.');
