import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { posting, type Posting } from '#libs/kernel/money/index.js';
import { localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { ConfirmRefund, type ConfirmRefundRejectionCode, type RefundView } from '../../contract/refunds.js';
import { refundAggregate } from '../../codec/index.js';
import { accounts } from '../../domain/accounts.js';
import type { CapturedPayment } from '../../domain/payment/index.js';
import type { KnownRefund } from '../../domain/refund/index.js';
import { cashierOf } from '../pay-bills/capture.js';
import { organisationOf } from './ask-for-refund.js';
import { ownRefund } from './own-refund.js';
import { contextOf } from './parts.js';
import { RefundProcess } from './refund-process.js';
import { refundViewOf } from './refund-view.js';

type ConfirmOutcome = Outcome<RefundView, Rejection<ConfirmRefundRejectionCode>>;

const LONGEST_REFERENCE = 140;

/** A person has given the money back: cash over the counter, by the card terminal, by a cheque of ours. */
@CommandHandler(ConfirmRefund)
export class ConfirmRefundHandler implements ICommandHandler<ConfirmRefund> {
  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async execute({ context, input }: ConfirmRefund): Promise<ConfirmOutcome> {
    const { caller, correlationId } = context;
    if (organisationOf(caller) === undefined) return refused('FORBIDDEN', 'The caller may not do this here.');
    assertIdempotencyKey(input.idempotencyKey);
    const reference = input.reference.trim();
    if (reference.length > LONGEST_REFERENCE) {
      const message = `A reference has at most ${LONGEST_REFERENCE} characters.`;
      throw new InvalidInputError('INVALID_REFERENCE', message, ['input', 'reference']);
    }
    const own = await ownRefund(this.process, caller, input.refundId);
    if (!own) return refused('REFUND_NOT_FOUND', 'There is no such refund.');
    const { refund, payment } = own;
    const at = this.process.parts.runtime.clock.now();
    const postings = postingsOf(refund, payment, { cashier: cashierOf(caller.accountId), at });
    if (!postings) return refused('REFUND_NOT_BY_HAND', 'The channel confirms this refund by itself.');
    if (refund.status === 'requested' || refund.status === 'approved') {
      return refused('REFUND_NOT_APPROVED', 'The refund is not approved yet.');
    }
    if (refund.status === 'rejected') return refused('REFUND_ENDED', 'The refund was rejected.');
    const mover = { actor: caller.accountId, correlationId };
    const confirmation = confirmationOf(caller, input.idempotencyKey, reference);
    const command = { kind: 'confirm', reference, postings, confirmation, at } as const;
    const { parts } = this.process;
    const step = contextOf(parts, refund, mover, ['confirm', confirmation]);
    const confirmed = await parts.store.run(refundAggregate, refund.refundId, command, step);
    if (!confirmed.accepted) return refused('REFUND_ENDED', 'Somebody else has confirmed the refund.');
    const finished = (await this.process.finish(refund.refundId, mover)) ?? refund;
    return { accepted: true, value: refundViewOf(finished, payment.tender.channel) };
  }
}

/** The same act again is the same confirmation; another person's, or another key's, is a second hand-over. */
function confirmationOf({ accountId }: Caller, idempotencyKey: string, reference: string): string {
  return hash('sha256', JSON.stringify([accountId, idempotencyKey, reference]), 'hex');
}

/** Whether a person gives the money back: cash, a card terminal, a cheque of ours. */
export function isHandedOut({ channel }: CapturedPayment['tender']): boolean {
  switch (channel) {
    case 'cash':
    case 'cheque':
    case 'pos':
    case 'offline':
      return true;
    case 'wallet':
    case 'advance':
    case 'operator':
    case 'transfer':
    case 'suspense':
      return false;
  }
}

/** What moves when a person gives the money back; nothing for channels that do it themselves. */
function postingsOf(
  { amount, refundKind }: KnownRefund,
  { tender }: CapturedPayment,
  { cashier, at }: { readonly cashier: string; readonly at: Instant },
): readonly Posting[] | undefined {
  if (refundKind === 'dishonour') return undefined;
  switch (tender.channel) {
    case 'cash': {
      const drawer = accounts.drawer(cashier, localDateOf(at));
      return [
        posting(accounts.refundClearing, drawer, amount),
        posting(drawer, accounts.outside('cash'), amount),
      ];
    }
    case 'cheque':
    case 'pos':
      return [posting(accounts.refundClearing, accounts.outside(tender.channel), amount)];
    case 'offline':
      // The card may be lost; the money goes back over the counter.
      return [posting(accounts.refundClearing, accounts.outside('cash'), amount)];
    case 'wallet':
    case 'advance':
    case 'operator':
    case 'transfer':
    case 'suspense':
      return undefined;
  }
}

function refused(code: ConfirmRefundRejectionCode, message: string): ConfirmOutcome {
  return { accepted: false, rejection: { code, message } };
}
