import type { PaymentId } from '#libs/kernel/ids/index.js';
import type { Timers } from '#libs/runtime/port/index.js';

/** Requests that wait a moment for the institution's notice of their payment; one per payment, as many as are in flight. */
export class Hearing {
  readonly #waiting = new Map<PaymentId, () => void>();

  constructor(private readonly timers: Pick<Timers, 'after'>) {}

  /** To be called before the institution is asked: a notice may come before its reply. */
  expect(paymentId: PaymentId): { heard(patienceMs: number): Promise<void>; forget(): void } {
    let resolve: () => void = () => undefined;
    const arrived = new Promise<void>((done) => (resolve = done));
    this.#waiting.set(paymentId, resolve);
    return {
      heard: async (patienceMs) => {
        const stop = this.timers.after(patienceMs, resolve);
        await arrived;
        stop();
      },
      forget: () => {
        if (this.#waiting.get(paymentId) === resolve) this.#waiting.delete(paymentId);
      },
    };
  }

  /** Something about the payment is in the log that its request did not write. */
  wake(paymentId: PaymentId): void {
    this.#waiting.get(paymentId)?.();
  }
}
