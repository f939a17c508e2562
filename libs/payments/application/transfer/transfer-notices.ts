import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ChannelNotice, NoticeAnswer, NoticeReceiver } from '#libs/channels/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import { transferAggregate } from '../../codec/index.js';
import { transferOperationId, type BankAct, type KnownTransfer } from '../../domain/transfer/index.js';
import { declined, refuseBy, tellOfLateSuccess } from './bank.js';
import { decideOnTransfer, openTransferCase, type Mover } from './parts.js';
import { TransferProcess } from './transfer-process.js';

/**
 * What the institution tells of transfers. Its meaning is stored before the answer; the transfer is finished after it. Notices come
 * late, twice and out of order.
 */
abstract class Notices implements NoticeReceiver {
  abstract readonly prefix: string;
  readonly #logger = new Logger(TransferNotices.name);

  constructor(@Inject(TransferProcess) protected readonly process: TransferProcess) {}

  /** What the operation asked the institution to do. */
  protected abstract actOf(transfer: KnownTransfer): BankAct | undefined;

  async receive(notice: ChannelNotice): Promise<NoticeAnswer> {
    const { parts } = this.process;
    const transferId = asId<'transfer'>(notice.operationId.slice(this.prefix.length + 1));
    const { state } = await parts.store.load(transferAggregate, transferId);
    if (state.status === 'absent' || state.tenant !== notice.tenant) return 'unknownOperation';
    const act = this.actOf(state);
    if (!act || !state.sought || transferOperationId(transferId, act) !== notice.operationId)
      return 'unknownOperation';
    const mover: Mover = { actor: 'system:institution', correlationId: transferId };
    if (!equals(notice.amount, state.amount)) return this.#contradicts(state, notice, mover);
    switch (notice.outcome) {
      case 'succeeded':
        return this.#succeeded(state, act, notice, mover);
      case 'declined':
        return this.#declined(state, act, notice, mover);
      case 'returned':
        return this.#returned(state, act, notice, mover);
      default:
        return assertNever(notice.outcome, 'outcome');
    }
  }

  async #succeeded(
    transfer: KnownTransfer,
    act: BankAct,
    notice: ChannelNotice,
    mover: Mover,
  ): Promise<NoticeAnswer> {
    const { parts } = this.process;
    const { reference } = notice;
    const command = { kind: 'succeed', act, reference, at: parts.runtime.clock.now() } as const;
    // A success after a failure is another fact than a success: it must not be taken for its repetition.
    const late = transfer.status === 'refused' || transfer.status === 'failed';
    const step = late ? `late-${act}` : `succeed-${act}`;
    const after = await decideOnTransfer(parts, transfer, mover, { step, command });
    await tellOfLateSuccess(parts, after, reference, mover);
    if (after.paidAfterAll) return 'taken';
    const lost = (after.status === 'refused' || after.status === 'failed') && after.sought!.act === act;
    if (lost && act !== 'refund') return this.#contradicts(after, notice, mover);
    this.#goOn(after, mover);
    return 'taken';
  }

  async #declined(
    transfer: KnownTransfer,
    act: BankAct,
    notice: ChannelNotice,
    mover: Mover,
  ): Promise<NoticeAnswer> {
    const { parts } = this.process;
    if (transfer.status === 'sought' && transfer.sought!.act === act) {
      const after = await refuseBy(parts, transfer, mover, declined(notice.reason ?? 'DECLINED'));
      this.#goOn(after, mover);
      return 'taken';
    }
    const failedBefore = transfer.status === 'refused' || (transfer.status === 'failed' && act !== 'refund');
    return failedBefore && transfer.sought!.act === act
      ? 'taken'
      : this.#contradicts(transfer, notice, mover);
  }

  /** A payout came back; its success may not have been heard of yet. */
  async #returned(
    transfer: KnownTransfer,
    act: BankAct,
    notice: ChannelNotice,
    mover: Mover,
  ): Promise<NoticeAnswer> {
    const { parts } = this.process;
    if (act !== 'payout') return this.#contradicts(transfer, notice, mover);
    let known = transfer;
    if (known.status === 'sought') {
      const { reference } = notice;
      const command = { kind: 'succeed', act, reference, at: parts.runtime.clock.now() } as const;
      known = await decideOnTransfer(parts, known, mover, { step: `succeed-${act}`, command });
    }
    if (known.status === 'taken') known = await this.process.finish(known, mover);
    if (known.status === 'completed') {
      const { reference, reason = '' } = notice;
      const command = { kind: 'return', reference, reason, at: parts.runtime.clock.now() } as const;
      known = await decideOnTransfer(parts, known, mover, { step: 'return', command });
    }
    // Somebody else is at it: the institution repeats its notice.
    if (known.status === 'taken') throw new Error(`Transfer ${known.transferId} is not completed yet.`);
    if (known.status !== 'returned' && known.status !== 'givenBack') {
      return this.#contradicts(known, notice, mover);
    }
    this.#goOn(known, mover);
    return 'taken';
  }

  /** Nothing is changed by it; a person has to ask the institution. */
  async #contradicts(transfer: KnownTransfer, notice: ChannelNotice, mover: Mover): Promise<NoticeAnswer> {
    const facts = {
      noticeId: notice.noticeId,
      outcome: notice.outcome,
      amount: formatDecimal(notice.amount),
      reference: notice.reference,
      transferStatus: transfer.status,
      transferAmount: formatDecimal(transfer.amount),
    };
    const exception = { kind: 'contradictoryNotice', of: notice.noticeId, facts } as const;
    await openTransferCase(this.process.parts, transfer, exception, mover.correlationId);
    return 'contradicts';
  }

  #goOn(transfer: KnownTransfer, mover: Mover): void {
    this.process.finish(transfer, mover).catch((error: unknown) => {
      // The finisher tries again; what the notice said is stored.
      this.#logger.warn(
        `Transfer ${transfer.transferId} could not be finished after a notice: ${String(error)}`,
      );
    });
  }
}

/** Top-ups and withdrawals. */
@Injectable()
export class TransferNotices extends Notices {
  readonly prefix = 'transfer';

  protected actOf({ kind }: KnownTransfer): BankAct | undefined {
    return kind === 'topUp' ? 'collect' : kind === 'withdrawal' ? 'payout' : undefined;
  }
}

/** Top-ups that are given back. */
@Injectable()
export class TransferReturnNotices extends Notices {
  readonly prefix = 'transferReturn';

  protected actOf({ kind }: KnownTransfer): BankAct | undefined {
    return kind === 'topUp' ? 'refund' : undefined;
  }
}
