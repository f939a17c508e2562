import { Inject, Injectable } from '@nestjs/common';
import {
  BILL_PAYMENT_STEPS,
  type BillPaymentSteps,
  type ReservedBill,
} from '#libs/billing/contract/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { BillId, PaymentId } from '#libs/kernel/ids/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { paymentAggregate } from '../../codec/index.js';
import {
  isOutside,
  type AuthorisedPayment,
  type AwaitingPayment,
  type CapturedPayment,
  type FailedPayment,
  type InitiatedPayment,
  type KnownPayment,
} from '../../domain/payment/index.js';
import { authoriseTender } from '../channels/index.js';
import { enquire, seekAuthorisation, submit } from '../channels/outside.js';
import { claimMerchantCode } from '../qr/claim-merchant-code.js';
import { ReceiptDesk, type IssuedReceipt } from '../receipt-desk.js';
import { alarmOfUnknown } from './unknown-too-long.js';
import { capture, refuse } from './capture.js';
import { complete, receiptsOfCompleted } from './complete.js';
import { giveBack } from './give-back.js';
import { Hearing } from './hearing.js';
import { settleLateMoney } from './late-money.js';
import { commandIdOf, contextOf, type Mover, type PaymentParts } from './parts.js';
import { PaymentPorts } from './payment-ports.js';
import { confirmEach, reserveBills, type Trigger } from './reserve-bills.js';
import { WalletLimitsOf } from '../wallets/wallet-limits.js';

export type FinishedPayment =
  | {
      readonly payment: CapturedPayment;
      readonly receipts: readonly IssuedReceipt[];
      /** As reserved in this run; absent when the reservations were made earlier. */
      readonly payerNames?: ReadonlyMap<BillId, string | null>;
    }
  | { readonly payment: FailedPayment }
  /** An institution has the next word. */
  | { readonly payment: AwaitingPayment };

/** How long a request waits for an institution's notice, ms: most come within a second, and the caller gets the capture. */
const PATIENCE_MS = 2_000;

/**
 * The steps of a payment from whatever state it is in to its end, one piece of code for the request that asks for it, for
 * the retry of that request, for an institution's notice and for the finisher of what a crash left behind. Every step is
 * idempotent.
 */
@Injectable()
export class PaymentProcess {
  readonly parts: PaymentParts;
  readonly #running = new Map<PaymentId, Promise<FinishedPayment>>();
  readonly #hearing: Hearing;

  constructor(
    @Inject(DECIDER_STORE) store: DeciderStore,
    @Inject(BILL_PAYMENT_STEPS) bills: BillPaymentSteps,
    @Inject(ReceiptDesk) receipts: ReceiptDesk,
    @Inject(PaymentPorts) ports: PaymentPorts,
  ) {
    const { external, cases, runtime, contracts } = ports;
    const limits = new WalletLimitsOf(store, runtime);
    this.parts = { store, bills, contracts, receipts, external, cases, limits, runtime };
    this.#hearing = new Hearing(runtime.timers);
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
  async finishLeftBehind(paymentId: PaymentId, mover: Mover): Promise<FinishedPayment | undefined> {
    if (this.#running.has(paymentId)) return undefined;
    const { state } = await this.parts.store.load(paymentAggregate, paymentId);
    return state.status === 'absent' ? undefined : this.finish(state, mover, 'left-behind');
  }

  /** Something about the payment was stored that its request does not know of: whoever waits goes on, else it is finished. */
  async news(payment: KnownPayment, mover: Mover): Promise<FinishedPayment> {
    const { paymentId } = payment;
    this.#hearing.wake(paymentId);
    const finished = await this.finish(payment, mover, 'left-behind');
    // A request that had just given up waiting answered without the news.
    if (!isAwaiting(finished.payment)) return finished;
    return (await this.finishLeftBehind(paymentId, mover)) ?? finished;
  }

  async #finish(start: KnownPayment, mover: Mover, trigger: Trigger): Promise<FinishedPayment> {
    let payment = start;
    let reserved: readonly ReservedBill[] | undefined;
    if (payment.status === 'initiated') {
      const authorised = await this.#authorise(payment, mover, trigger);
      payment = authorised.payment;
      reserved = authorised.reserved;
    } else if (isAwaiting(payment)) {
      payment = await this.#enquire(payment, mover, trigger);
    }
    if (payment.status === 'authorised') payment = await this.#captureAuthorised(payment, mover, reserved);
    if (payment.status === 'refused') payment = await giveBack(this.parts, payment, mover);
    if (payment.status === 'captured') {
      // Asked for again, mostly: captured before this run, and nearly always complete.
      const before = start.status === 'captured' ? await receiptsOfCompleted(this.parts, payment) : undefined;
      const receipts = before ?? (await complete(this.parts, payment, mover));
      if (!reserved) return { payment, receipts };
      const payerNames = new Map(reserved.map(({ billId, payerName }) => [billId, payerName]));
      return { payment, receipts, payerNames };
    }
    // Who asks for the payment again is told that it failed; the money that came in later is settled beside that.
    if (payment.status === 'failed' && trigger === 'left-behind')
      payment = await this.#settleLate(payment, mover);
    if (payment.status === 'failed') return { payment };
    if (isAwaiting(payment)) return { payment };
    throw new Error(`Payment ${payment.paymentId} is still ${payment.status} after its last step.`);
  }

  /** Promise everything, then decide: capture, or refuse. */
  async #authorise(payment: InitiatedPayment, mover: Mover, trigger: Trigger): Promise<Authorised> {
    const { parts } = this;
    // Bills that were reserved earlier were so after the claim.
    const claimed = trigger === 'asked' ? await claimMerchantCode(parts, payment, mover) : undefined;
    if (claimed && !claimed.accepted)
      return { payment: await refuse(parts, payment, mover, claimed.rejection) };
    const reserved = await reserveBills(parts, payment, mover, trigger);
    if (!reserved.accepted) return { payment: await refuse(parts, payment, mover, reserved.rejection) };
    const { tender } = payment;
    if (isOutside(tender)) {
      const sought = await seekAuthorisation(parts, { ...payment, tender }, mover, reserved.value);
      const heard = isAwaiting(sought)
        ? await this.#hear(sought, trigger, () => submit(parts, sought, mover))
        : sought;
      return { payment: heard, reserved: reserved.value };
    }
    const taken = await authoriseTender({ parts, payment, mover });
    if (!taken.accepted) return { payment: await refuse(parts, payment, mover, taken.rejection) };
    return { payment: await capture(parts, payment, mover, reserved.value), reserved: reserved.value };
  }

  async #enquire(payment: AwaitingPayment, mover: Mover, trigger: Trigger): Promise<KnownPayment> {
    const after = await this.#hear(payment, trigger, () => enquire(this.parts, payment, mover));
    await alarmOfUnknown(this.parts, payment, after, mover);
    return after;
  }

  #settleLate(payment: FailedPayment, mover: Mover): Promise<KnownPayment> {
    return settleLateMoney(this.parts, payment, mover, async (request) => {
      const { paymentId, inputHash } = request;
      const context = contextOf(this.parts, request, mover, 'initiate');
      const commandId = commandIdOf(paymentId, 'initiate', inputHash);
      const { store } = this.parts;
      const command = { kind: 'initiate', ...request } as const;
      const { state } = await store.run(paymentAggregate, paymentId, command, { ...context, commandId });
      if (state.status === 'absent') throw new Error('An initiated payment is not in the log.');
      return (await this.finish(state, mover, 'asked')).payment;
    });
  }

  /** Asks the institution; who is there to wait for it waits a moment for the notice. */
  async #hear(
    payment: AwaitingPayment,
    trigger: Trigger,
    ask: () => Promise<KnownPayment>,
  ): Promise<KnownPayment> {
    const { paymentId, authorisation } = payment;
    const hearing = this.#hearing.expect(paymentId);
    try {
      const asked = await ask();
      if (asked.status !== 'authorising') return asked;
      const waits = trigger === 'asked' && authorisation.channel === 'operator';
      if (!waits) return asked;
      await hearing.heard(PATIENCE_MS);
      const { state } = await this.parts.store.load(paymentAggregate, paymentId);
      return state.status === 'absent' ? asked : state;
    } finally {
      hearing.forget();
    }
  }

  async #captureAuthorised(
    payment: AuthorisedPayment,
    mover: Mover,
    known: readonly ReservedBill[] | undefined,
  ): Promise<KnownPayment> {
    if (known) return capture(this.parts, payment, mover, known);
    const reserved = await confirmEach(this.parts, payment);
    // Reservations are given back only after a refusal, and an authorised payment cannot be refused.
    if (!reserved.accepted) throw new Error(`The reservations of payment ${payment.paymentId} are gone.`);
    return capture(this.parts, payment, mover, reserved.value);
  }
}

function isAwaiting(payment: KnownPayment): payment is AwaitingPayment {
  return payment.status === 'authorising' || payment.status === 'unknown';
}

interface Authorised {
  readonly payment: KnownPayment;
  readonly reserved?: readonly ReservedBill[];
}
