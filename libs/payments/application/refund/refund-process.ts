import { Inject, Injectable } from '@nestjs/common';
import type { RefundId } from '#libs/kernel/ids/index.js';
import { paymentAggregate, refundAggregate } from '../../codec/index.js';
import type { CapturedPayment } from '../../domain/payment/index.js';
import {
  voidsReceipt,
  type KnownRefund,
  type Person,
  type RejectedRefund,
  type RequestedRefund,
  type ReturnedRefund,
  type SentRefund,
} from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';
import { decideOnRefund, REFUND_PARTS, type RefundParts } from './parts.js';
import { creditAdvance, institutionOf, payBack } from './pay-back.js';
import { holdOnPayment, releaseOnPayment, settleOnPayment } from './payment-fence.js';
import { secondPerson, withdrawRequest } from './second-person.js';
import { openRefundCase, payAfterAll, undelivered } from './undelivered.js';
import { cancelReceipt, refundBills, reverseBills } from './void-payment.js';

/**
 * The steps of a refund from whatever state it is in as far as it can go now: to its end, or to where a second person, a
 * clerk or a bank has to act. One piece of code for the request, its retry, the checker's decision, the bank's notice and the
 * finisher. Every step is idempotent.
 */
@Injectable()
export class RefundProcess {
  readonly #running = new Map<RefundId, Promise<KnownRefund | undefined>>();

  constructor(@Inject(REFUND_PARTS) readonly parts: RefundParts) {}

  /** One run at a time per refund; who comes meanwhile runs after it, from the state it has left. */
  async finish(refundId: RefundId, mover: Mover): Promise<KnownRefund | undefined> {
    const before = this.#running.get(refundId);
    const run = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.#load(refundId, mover));
    this.#running.set(refundId, run);
    try {
      return await run;
    } finally {
      if (this.#running.get(refundId) === run) this.#running.delete(refundId);
    }
  }

  async #load(refundId: RefundId, mover: Mover): Promise<KnownRefund | undefined> {
    const { state } = await this.parts.store.load(refundAggregate, refundId);
    return state.status === 'absent' ? undefined : this.#finish(state, mover);
  }

  async #finish(start: KnownRefund, mover: Mover): Promise<KnownRefund> {
    let refund = start;
    if (refund.status === 'requested') refund = await this.#authorise(refund, mover);
    if (refund.status === 'approved') {
      if (voidsReceipt(refund.refundKind)) {
        await reverseBills(this.parts, refund, mover);
        await cancelReceipt(this.parts, refund, await this.#payment(refund), mover);
      }
      const command = { kind: 'send', at: this.parts.runtime.clock.now() } as const;
      refund = await decideOnRefund(this.parts, refund, mover, { step: 'send', command });
    }
    if (refund.status === 'sent') refund = await this.#payBack(refund, mover);
    if (refund.status === 'returned' || refund.status === 'rejected') return this.#complete(refund, mover);
    return refund;
  }

  /** What the end owes elsewhere; only then nothing is left to do. */
  async #complete(refund: ReturnedRefund | RejectedRefund, mover: Mover): Promise<KnownRefund> {
    if (refund.complete) return refund;
    if (refund.status === 'rejected') {
      await this.#giveUp(refund, mover);
    } else {
      await creditAdvance(this.parts, refund, await this.#payment(refund), mover);
      if (refund.refundKind === 'refund') await refundBills(this.parts, refund, mover);
      if (refund.refundKind !== 'contract') await settleOnPayment(this.parts, refund, mover);
    }
    const command = { kind: 'complete', at: this.parts.runtime.clock.now() } as const;
    return decideOnRefund(this.parts, refund, mover, { step: 'complete', command });
  }

  async #giveUp(refund: RejectedRefund, mover: Mover): Promise<void> {
    if (refund.by === 'maker' && refund.approvalNeeded) await withdrawRequest(this.parts, refund, mover);
    if (refund.by !== 'bank' || refund.refundKind === 'refund') {
      await releaseOnPayment(this.parts, refund, mover);
      return;
    }
    // What a contract gives back, no payment has set aside. Else the receipt is void and the money lies in suspense: the payment has nothing to give back a second time.
    await undelivered(this.parts, refund, mover);
  }

  /** Sets the money aside on the payment, then asks for the second person where one is needed. */
  async #authorise(refund: RequestedRefund, mover: Mover): Promise<KnownRefund> {
    // The contract has decided, and keeps count of what it has given back to whom.
    if (refund.refundKind === 'contract') return this.#approve(refund, mover, null);
    const held = await holdOnPayment(this.parts, refund, mover);
    if (!held.accepted) {
      const { code, message } = held.rejection;
      return this.#reject(refund, mover, { by: 'payment', code, reason: message });
    }
    if (refund.approvalNeeded) {
      const checked = await secondPerson(this.parts, refund, mover);
      if (checked.outcome === 'waits') return refund;
      if (checked.outcome === 'refused') return this.#reject(refund, mover, checked);
      return this.#approve(refund, mover, checked.checker);
    }
    return this.#approve(refund, mover, null);
  }

  #approve(refund: RequestedRefund, mover: Mover, checker: Person | null): Promise<KnownRefund> {
    const command = { kind: 'approve', checker, at: this.parts.runtime.clock.now() } as const;
    return decideOnRefund(this.parts, refund, mover, { step: 'approve', command });
  }

  async #payBack(refund: SentRefund, mover: Mover): Promise<KnownRefund> {
    const payment = await this.#payment(refund);
    const back = await payBack(this.parts, refund, payment, mover);
    const at = this.parts.runtime.clock.now();
    switch (back.outcome) {
      case 'waits':
        return refund;
      case 'returned': {
        const { reference, postings } = back;
        const command = { kind: 'confirm', reference, postings, at } as const;
        const after = await decideOnRefund(this.parts, refund, mover, { step: 'confirm', command });
        if (after.status !== 'rejected') return after;
        return this.#paidAfterAll(after, payment, reference, mover);
      }
      case 'rejected':
        return this.#reject(refund, mover, { by: 'bank', code: back.code, reason: back.reason });
    }
  }

  /** The bank's notice of a refusal has overtaken its reply that the money is out. */
  async #paidAfterAll(
    refund: RejectedRefund,
    payment: CapturedPayment,
    reference: string,
    mover: Mover,
  ): Promise<KnownRefund> {
    const institution = await institutionOf(this.parts, payment);
    if (!institution || refund.by !== 'bank') return refund;
    // First, because a reply is not repeated.
    const facts = { refund: refund.status, reference };
    await openRefundCase(this.parts, refund, { kind: 'lateSuccess', facts }, mover.correlationId);
    return payAfterAll(this.parts, refund, { reference, channel: institution.channel }, mover);
  }

  #reject(
    refund: KnownRefund,
    mover: Mover,
    why: { readonly by: 'payment' | 'checker' | 'bank'; readonly code: string; readonly reason: string },
  ): Promise<KnownRefund> {
    const command = { kind: 'reject', ...why, at: this.parts.runtime.clock.now() } as const;
    return decideOnRefund(this.parts, refund, mover, { step: 'reject', command });
  }

  async #payment({ paymentId, refundId }: KnownRefund): Promise<CapturedPayment> {
    const { state } = await this.parts.store.load(paymentAggregate, paymentId);
    if (state.status !== 'captured')
      throw new Error(`Refund ${refundId} of a payment that is ${state.status}.`);
    return state;
  }
}
