import { Inject, Injectable } from '@nestjs/common';
import type { ChannelNotice, NoticeAnswer, NoticeReceiver } from '#libs/channels/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import { paymentAggregate } from '../../codec/index.js';
import { openCase } from '../exceptions.js';
import { settleReturn } from '../pay-bills/late-money.js';
import { PaymentProcess } from '../pay-bills/payment-process.js';

const PREFIX = 'return';

/** What an institution tells of late money on its way back. */
@Injectable()
export class ReturnNotices implements NoticeReceiver {
  readonly prefix = PREFIX;

  constructor(@Inject(PaymentProcess) private readonly process: PaymentProcess) {}

  async receive(notice: ChannelNotice): Promise<NoticeAnswer> {
    const { parts } = this.process;
    const paymentId = asId<'payment'>(notice.operationId.slice(PREFIX.length + 1));
    const { state } = await parts.store.load(paymentAggregate, paymentId);
    if (state.status !== 'failed' || state.tenant !== notice.tenant) return 'unknownOperation';
    const { lateSuccess } = state;
    if (lateSuccess?.returning?.operationId !== notice.operationId) return 'unknownOperation';
    const mover = { actor: 'system:institution', correlationId: paymentId };
    const fits = equals(notice.amount, lateSuccess.amount);
    if (notice.outcome === 'succeeded' && fits) {
      await settleReturn(parts, state, mover, notice.reference);
      return 'taken';
    }
    // The payer's account took nothing, or something else is wrong: a person decides.
    const { noticeId, outcome, amount, reference, reason = '' } = notice;
    const facts = { noticeId, outcome, amount: formatDecimal(amount), reference, reason };
    const at = parts.runtime.clock.now();
    const kind = fits ? 'refundReturnedByBank' : 'contradictoryNotice';
    await openCase(parts, state, { kind, of: noticeId, facts, at }, mover.correlationId);
    return fits ? 'taken' : 'contradicts';
  }
}
