import type { Outcome } from '#libs/kernel/errors/index.js';
import type {
  CapturedPayment,
  Failure,
  InitiatedPayment,
  RefusedPayment,
  Tender,
} from '../../domain/payment/index.js';
import type { Mover, PaymentParts } from '../pay-bills/parts.js';

/** One step of one payment with one kind of tender. */
export interface ChannelStep<Payment> {
  readonly parts: PaymentParts;
  readonly payment: Payment;
  readonly mover: Mover;
}

/**
 * How the money of one kind of tender is made sure of, taken and given back. Every method is idempotent by the payment.
 * Institutions outside answer late or never and have their own shape: `outside.ts`.
 */
export interface PaymentChannel<Kind extends Tender> {
  /** Makes sure of the money, or says why not. Nothing moves to a payee yet. */
  authorise(step: ChannelStep<InitiatedPayment>, tender: Kind): Promise<Outcome<undefined, Failure>>;
  /** What the capture owes to the channel. */
  capture(step: ChannelStep<CapturedPayment>, tender: Kind): Promise<void>;
  /** Ends whatever the payment was promised and bars it from being promised anything later. */
  cancel(step: ChannelStep<RefusedPayment>, tender: Kind): Promise<void>;
}

export type TenderOf<Channel extends Tender['channel']> = Extract<Tender, { channel: Channel }>;

export const TAKEN = { accepted: true, value: undefined } as const;

export const nothingToDo = (): Promise<void> => Promise.resolve();
