import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { PaymentId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { OPEN_PAYMENTS, type OpenPayment, type OpenPaymentList } from '../domain/payment/index.js';
import { PaymentProcess } from './pay-bills/payment-process.js';

/** How often to look, ms. */
const PERIOD_MS = 1_000;
/** A payment without a step for so long was left behind: a step's own deadline is 5 s. */
const IDLE_MS = 5_000;
const PER_SWEEP = 500;
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

const FINISHER = 'system:payment-finisher';

interface Trouble {
  readonly reason: string;
  readonly attempts: number;
  readonly notBeforeMs: number;
}

/**
 * Finishes what a crash, a timeout or a lost caller left behind, with the very steps of the request path. It works from a
 * view of the log, so that it survives any restart and needs no memory of its own; a payment that cannot be finished stays
 * on the list with the reason and is tried again after growing pauses.
 */
@Injectable()
export class PaymentFinisher {
  readonly #logger = new Logger(PaymentFinisher.name);
  /** Only payments on the list; bounded by `PER_SWEEP`. */
  readonly #troubles = new Map<PaymentId, Trouble>();
  #sweeping: Promise<void> | undefined;
  #stop: Cancel | undefined;

  constructor(
    @Inject(OPEN_PAYMENTS) private readonly open: OpenPaymentList,
    @Inject(PaymentProcess) private readonly process: PaymentProcess,
    @Inject(CONSUMERS) private readonly consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** To be called once the projections have caught up. Resolves when everything left open was tried once. */
  async start(): Promise<void> {
    this.#stop ??= this.runtime.timers.every(PERIOD_MS, () => {
      if (this.#viewIsCurrent()) void this.sweep(IDLE_MS);
    });
    await this.sweep(0);
  }

  /** Resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    await this.#sweeping;
  }

  /** One round over the payments without a step for `idleMs`; joins the round under way. Never rejects. */
  sweep(idleMs: number): Promise<void> {
    this.#sweeping ??= this.#sweep(idleMs).finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  /** Why the last attempt to finish the payment did not succeed. */
  reasonOf(paymentId: PaymentId): string | undefined {
    return this.#troubles.get(paymentId)?.reason;
  }

  async #sweep(idleMs: number): Promise<void> {
    try {
      const idle = await this.open.idleSince(addMs(this.runtime.clock.now(), -idleMs), PER_SWEEP);
      this.#forgetFinished(idle);
      const due = idle.filter(({ paymentId }) => this.#isDue(paymentId));
      const work = due.values();
      const worker = async (): Promise<void> => {
        for (const payment of work) await this.#finish(payment.paymentId);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    } catch (error) {
      this.#logger.warn(`The open payments cannot be read: ${nameOf(error)}`);
    }
  }

  async #finish(paymentId: PaymentId): Promise<void> {
    try {
      const mover = { actor: FINISHER, correlationId: paymentId };
      await this.process.finishLeftBehind(paymentId, mover);
      this.#troubles.delete(paymentId);
    } catch (error) {
      const attempts = (this.#troubles.get(paymentId)?.attempts ?? 0) + 1;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
      const notBeforeMs = this.runtime.clock.monotonicMs() + pauseMs;
      this.#troubles.set(paymentId, { reason: nameOf(error), attempts, notBeforeMs });
      this.#logger.warn(`Payment ${paymentId} could not be finished (attempt ${attempts}): ${nameOf(error)}`);
    }
  }

  #isDue(paymentId: PaymentId): boolean {
    const trouble = this.#troubles.get(paymentId);
    return !trouble || trouble.notBeforeMs <= this.runtime.clock.monotonicMs();
  }

  #forgetFinished(idle: readonly OpenPayment[]): void {
    const listed = new Set(idle.map(({ paymentId }) => paymentId));
    for (const paymentId of this.#troubles.keys())
      if (!listed.has(paymentId)) this.#troubles.delete(paymentId);
  }

  /** While the view is being rebuilt it shows payments as open that were finished long ago. */
  #viewIsCurrent(): boolean {
    const view = this.consumers.status().find(({ name }) => name === 'payments');
    return view !== undefined && (view.caughtUp || view.lagMs < IDLE_MS);
  }
}

/** Names and messages of our own errors hold ids and codes, never personal data. */
function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}
