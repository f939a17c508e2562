import { Inject, Injectable } from '@nestjs/common';
import type { ChannelNotice, NoticeAnswer, NoticeReceiver } from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId, isUuid } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import { paymentAggregate, refundAggregate } from '../../codec/index.js';
import type { OutsideChannel } from '../../domain/payment/index.js';
import type { KnownRefund, RejectedRefund } from '../../domain/refund/index.js';
import { decideOnRefund } from './parts.js';
import { institutionOf, leaving } from './pay-back.js';
import { RefundProcess } from './refund-process.js';
import { openRefundCase, payAfterAll, type RefundException } from './undelivered.js';

const BANK = 'system:channel-notices';

/** What an institution tells about refunds: late, twice and out of order. */
@Injectable()
export class RefundNotices implements NoticeReceiver {
  readonly prefix = 'refund';

  constructor(@Inject(RefundProcess) private readonly process: RefundProcess) {}

  async receive(notice: ChannelNotice): Promise<NoticeAnswer> {
    const refundId = asId<'refund'>(notice.operationId.slice(`${this.prefix}-`.length));
    if (!isUuid(refundId)) return 'unknownOperation';
    const { store } = this.process.parts;
    const { state: refund } = await store.load(refundAggregate, refundId);
    if (refund.status === 'absent' || refund.tenant !== notice.tenant) return 'unknownOperation';
    const { state: payment } = await store.load(paymentAggregate, refund.paymentId);
    if (payment.status !== 'captured') return 'unknownOperation';
    const institution = await institutionOf(this.process.parts, payment);
    const answer = await this.#take(refund, notice, institution?.channel);
    if (answer === 'taken') {
      await this.process.finish(refundId, { actor: BANK, correlationId: notice.noticeId });
    }
    return answer;
  }

  async #take(
    refund: KnownRefund,
    notice: ChannelNotice,
    channel: OutsideChannel | undefined,
  ): Promise<NoticeAnswer> {
    if (
      channel === undefined ||
      refund.status === 'requested' ||
      refund.status === 'approved' ||
      !equals(notice.amount, refund.amount)
    ) {
      return this.#contradiction(refund, notice);
    }
    const { parts } = this.process;
    const mover = { actor: BANK, correlationId: notice.noticeId };
    const at = parts.runtime.clock.now();
    const { reference } = notice;
    switch (notice.outcome) {
      case 'succeeded':
        return this.#succeeded(refund, notice, channel);
      case 'declined': {
        if (refund.status === 'returned') return this.#contradiction(refund, notice);
        const reason = notice.reason ?? '';
        const command = { kind: 'reject', by: 'bank', code: 'BANK_DECLINED', reason, at } as const;
        const after = await decideOnRefund(parts, refund, mover, { step: 'reject', command });
        return after.status === 'returned' ? this.#contradiction(after, notice) : 'taken';
      }
      case 'returned': {
        if (refund.status === 'rejected') return this.#contradiction(refund, notice);
        // What came back had gone out: the notice of that was overtaken.
        if (refund.status === 'sent') await this.#confirm(refund, notice, channel);
        const command = { kind: 'comeBack', reference, channel, at } as const;
        await decideOnRefund(parts, refund, mover, { step: 'comeBack', command });
        await this.#openCase({ kind: 'refundReturnedByBank' }, refund, notice);
        return 'taken';
      }
      default:
        return assertNever(notice.outcome, 'outcome');
    }
  }

  async #succeeded(
    refund: KnownRefund,
    notice: ChannelNotice,
    channel: OutsideChannel,
  ): Promise<NoticeAnswer> {
    // Somebody else may be faster, with another outcome: what is stored then is what counts.
    const after = refund.status === 'rejected' ? refund : await this.#confirm(refund, notice, channel);
    return after.status === 'rejected' ? this.#paidAfterAll(after, notice, channel) : 'taken';
  }

  /** Only what was sent can be paid: anything else that is said to have succeeded is not ours to book. */
  async #paidAfterAll(
    refund: RejectedRefund,
    notice: ChannelNotice,
    channel: OutsideChannel,
  ): Promise<NoticeAnswer> {
    if (refund.by !== 'bank') return this.#contradiction(refund, notice);
    const mover = { actor: BANK, correlationId: notice.noticeId };
    await payAfterAll(this.process.parts, refund, { reference: notice.reference, channel }, mover);
    await this.#openCase({ kind: 'lateSuccess' }, refund, notice);
    return 'taken';
  }

  #confirm(refund: KnownRefund, notice: ChannelNotice, channel: OutsideChannel): Promise<KnownRefund> {
    const { parts } = this.process;
    const mover = { actor: BANK, correlationId: notice.noticeId };
    const { reference } = notice;
    const postings = leaving(channel, refund.amount);
    const command = { kind: 'confirm', reference, postings, at: parts.runtime.clock.now() } as const;
    return decideOnRefund(parts, refund, mover, { step: 'confirm', command });
  }

  async #contradiction(refund: KnownRefund, notice: ChannelNotice): Promise<NoticeAnswer> {
    await this.#openCase({ kind: 'contradictoryNotice', of: notice.noticeId }, refund, notice);
    return 'contradicts';
  }

  #openCase(
    exception: Omit<RefundException, 'facts'>,
    refund: KnownRefund,
    { outcome, reference, amount, noticeId }: ChannelNotice,
  ): Promise<void> {
    const facts = {
      notice: outcome,
      refund: refund.status,
      reference,
      amount: formatDecimal(amount),
      expected: formatDecimal(refund.amount),
    };
    return openRefundCase(this.process.parts, refund, { ...exception, facts }, noticeId);
  }
}
