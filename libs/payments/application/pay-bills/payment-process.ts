import { Inject, Injectable } from '@nestjs/common';
import {
  BILL_PAYMENT_STEPS,
  type BillPaymentSteps,
  type ReservedBill,
} from '#libs/billing/contract/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { BillId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { paymentAggregate } from '../../codec/index.js';
import type {
  CapturedPayment,
  FailedPayment,
  InitiatedPayment,
  KnownPayment,
} from '../../domain/payment/index.js';
import { ReceiptDesk, type IssuedReceipt } from '../receipt-desk.js';
import { capture, refuse } from './capture.js';
import { complete } from './complete.js';
import { giveBack } from './give-back.js';
import type { Mover, PaymentParts } from './parts.js';
import { reserveBills, type Trigger } from './reserve-bills.js';
import { takeTender } from './take-tender.js';

export type FinishedPayment =
  | {
      readonly payment: CapturedPayment;
      readonly receipts: readonly IssuedReceipt[];
      /** As reserved in this run; absent when the reservations were made earlier. */
      readonly payerNames?: ReadonlyMap<BillId, string | null>;
    }
  | { readonly payment: FailedPayment };

/**
 * The steps of a payment from whatever state it is in to its end, one piece of code for the request that asks for it, for
 * the retry of that request and for the finisher of what a crash left behind. Every step is idempotent.
 */
@Injectable()
export class PaymentProcess {
  readonly #parts: PaymentParts;
  readonly #running = new Map<PaymentId, Promise<FinishedPayment>>();

  constructor(
    @Inject(DECIDER_STORE) store: DeciderStore,
    @Inject(BILL_PAYMENT_STEPS) bills: BillPaymentSteps,
    @Inject(RUNTIME) runtime: Runtime,
    @Inject(ReceiptDesk) receipts: ReceiptDesk,
  ) {
    this.#parts = { store, bills, receipts, runtime };
  }

  /** Once per payment and process at a time: who comes second waits for the first and gets the same answer. */
  finish(payment: KnownPayment, mover: Mover, trigger: Trigger): Promise<FinishedPayment> {
    const { paymentId } = payment;
    const running = this.#running.get(paymentId);
    if (running) return running;
    const finishing = this.#finish(payment, mover, trigger).finally(() => this.#running.delete(paymentId));
    this.#running.set(paymentId, finishing);
    return finishing;
  }

  /** For the finisher: reads the payment first. A payment that is not in the log has nothing to finish. */
  async finishLeftBehind(paymentId: PaymentId, mover: Mover): Promise<void> {
    if (this.#running.has(paymentId)) return;
    const { state } = await this.#parts.store.load(paymentAggregate, paymentId);
    if (state.status !== 'absent') await this.finish(state, mover, 'left-behind');
  }

  async #finish(start: KnownPayment, mover: Mover, trigger: Trigger): Promise<FinishedPayment> {
    let payment = start;
    let reserved: readonly ReservedBill[] | undefined;
    if (payment.status === 'initiated') {
      const authorised = await this.#authorise(payment, mover, trigger);
      payment = authorised.payment;
      reserved = authorised.reserved;
    }
    if (payment.status === 'refused') payment = await giveBack(this.#parts, payment, mover);
    if (payment.status === 'captured') {
      const receipts = await complete(this.#parts, payment, mover);
      if (!reserved) return { payment, receipts };
      const payerNames = new Map(reserved.map(({ billId, payerName }) => [billId, payerName]));
      return { payment, receipts, payerNames };
    }
    if (payment.status === 'failed') return { payment };
    throw new Error(`Payment ${payment.paymentId} is still ${payment.status} after its last step.`);
  }

  /** Promise everything, then decide: capture, or refuse. */
  async #authorise(payment: InitiatedPayment, mover: Mover, trigger: Trigger): Promise<Authorised> {
    const parts = this.#parts;
    const reserved = await reserveBills(parts, payment, mover, trigger);
    if (!reserved.accepted) return { payment: await refuse(parts, payment, mover, reserved.rejection) };
    const tender = await takeTender(parts, payment, mover);
    if (!tender.accepted) return { payment: await refuse(parts, payment, mover, tender.rejection) };
    return { payment: await capture(parts, payment, mover, reserved.value), reserved: reserved.value };
  }
}

interface Authorised {
  readonly payment: KnownPayment;
  readonly reserved?: readonly ReservedBill[];
}
