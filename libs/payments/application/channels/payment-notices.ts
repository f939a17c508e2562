import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ChannelNotice, NoticeAnswer, NoticeReceiver } from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import { paymentAggregate } from '../../codec/index.js';
import { operationIdOf, type KnownPayment } from '../../domain/payment/index.js';
import { openCase } from '../exceptions.js';
import { refuse } from '../pay-bills/capture.js';
import { decideOnPayment } from '../pay-bills/decide.js';
import { recordLateSuccess } from '../pay-bills/late-money.js';
import type { Mover } from '../pay-bills/parts.js';
import { PaymentProcess } from '../pay-bills/payment-process.js';
import { alarmOfUnknown } from '../pay-bills/unknown-too-long.js';
import { declined } from './outside.js';

const PREFIX = 'payment';

/**
 * What an institution tells of payments. Its meaning is stored before the answer; the payment is finished after it, so that
 * the institution never waits for bills and receipts. Notices come late, twice and out of order.
 */
@Injectable()
export class PaymentNotices implements NoticeReceiver {
  readonly prefix = PREFIX;
  readonly #logger = new Logger(PaymentNotices.name);

  constructor(@Inject(PaymentProcess) private readonly process: PaymentProcess) {}

  async receive(notice: ChannelNotice): Promise<NoticeAnswer> {
    const { parts } = this.process;
    const paymentId = asId<'payment'>(notice.operationId.slice(PREFIX.length + 1));
    const { state } = await parts.store.load(paymentAggregate, paymentId);
    const known = state.status !== 'absent' && state.tenant === notice.tenant;
    if (!known || operationIdOf(paymentId) !== notice.operationId) return 'unknownOperation';
    const mover: Mover = { actor: 'system:institution', correlationId: paymentId };
    switch (notice.outcome) {
      case 'succeeded':
        return this.#succeeded(state, notice, mover);
      case 'declined':
        return this.#declined(state, notice, mover);
      case 'returned':
        return this.#contradicts(state, notice, mover);
      default:
        return assertNever(notice.outcome, 'outcome');
    }
  }

  async #succeeded(payment: KnownPayment, notice: ChannelNotice, mover: Mover): Promise<NoticeAnswer> {
    if (!equals(notice.amount, payment.total)) return this.#contradicts(payment, notice, mover);
    const { parts } = this.process;
    const at = parts.runtime.clock.now();
    const { reference, amount } = notice;
    switch (payment.status) {
      case 'initiated':
        return this.#contradicts(payment, notice, mover);
      case 'authorising':
      case 'unknown': {
        const command = { kind: 'authorise', reference, at } as const;
        const after = await decideOnPayment(parts, payment, mover, { step: 'authorise', command });
        // Somebody else was faster, perhaps with another outcome: judge again by what is stored now.
        if (after.status !== 'authorised') return this.#succeeded(after, notice, mover);
        await alarmOfUnknown(parts, payment, after, mover);
        this.#goOn(after, mover);
        return 'taken';
      }
      case 'authorised':
      case 'captured':
        if (payment.reference !== reference) return this.#contradicts(payment, notice, mover);
        if (payment.status === 'authorised') this.#goOn(payment, mover);
        return 'taken';
      case 'refused':
      case 'failed': {
        if (!payment.authorisation) return this.#contradicts(payment, notice, mover);
        if (payment.lateSuccess && payment.lateSuccess.reference !== reference) {
          return this.#contradicts(payment, notice, mover);
        }
        const after = await recordLateSuccess(parts, payment, { amount, reference }, mover);
        this.#goOn(after, mover);
        return 'taken';
      }
      default:
        return assertNever(payment, 'payment');
    }
  }

  async #declined(payment: KnownPayment, notice: ChannelNotice, mover: Mover): Promise<NoticeAnswer> {
    const { parts } = this.process;
    switch (payment.status) {
      case 'authorising':
      case 'unknown': {
        const after = await refuse(parts, payment, mover, declined(notice.reason ?? 'DECLINED'));
        if (after.status === 'authorised' || after.status === 'captured') {
          return this.#contradicts(after, notice, mover);
        }
        await alarmOfUnknown(parts, payment, after, mover);
        this.#goOn(after, mover);
        return 'taken';
      }
      case 'refused':
      case 'failed':
        return payment.lateSuccess ? this.#contradicts(payment, notice, mover) : 'taken';
      case 'initiated':
      case 'authorised':
      case 'captured':
        return this.#contradicts(payment, notice, mover);
      default:
        return assertNever(payment, 'payment');
    }
  }

  /** Nothing is changed by it; a person has to ask the institution. */
  async #contradicts(payment: KnownPayment, notice: ChannelNotice, mover: Mover): Promise<NoticeAnswer> {
    const { parts } = this.process;
    const facts = {
      noticeId: notice.noticeId,
      outcome: notice.outcome,
      amount: formatDecimal(notice.amount),
      reference: notice.reference,
      paymentStatus: payment.status,
      paymentAmount: formatDecimal(payment.total),
    };
    const at = parts.runtime.clock.now();
    const exception = { kind: 'contradictoryNotice', of: notice.noticeId, facts, at } as const;
    await openCase(parts, payment, exception, mover.correlationId);
    return 'contradicts';
  }

  #goOn(payment: KnownPayment, mover: Mover): void {
    this.process.news(payment, mover).catch((error: unknown) => {
      // The finisher tries again; what the notice said is stored.
      this.#logger.warn(
        `Payment ${payment.paymentId} could not be finished after a notice: ${String(error)}`,
      );
    });
  }
}
