import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Money, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { OutsideChannel } from './tender.js';

/** Money that came in for a payment that had been refused already. */
export interface LateSuccess {
  readonly status: 'inSuspense' | 'returning' | 'settled';
  readonly reference: string;
  readonly amount: Money;
  readonly organisationId: OrganisationId;
  /** Once it is being given back. */
  readonly returning?: { readonly operationId: string; readonly soughtAt: Instant };
}

export type LateSuccessCommand =
  | {
      readonly kind: 'recordLateSuccess';
      readonly reference: string;
      readonly amount: Money;
      readonly at: Instant;
    }
  /** The bills cannot take the money any more: it goes back to the payer through the institution. */
  | { readonly kind: 'seekReturn'; readonly operationId: string; readonly at: Instant }
  | { readonly kind: 'settleReturn'; readonly reference: string; readonly at: Instant }
  /** Another payment has used the money up. */
  | { readonly kind: 'settleReallocation'; readonly byPayment: PaymentId; readonly at: Instant };

/** `world:<channel>` → `suspense:<organisation>` */
export type PaymentLateSuccessRecorded = DomainEvent<
  'PaymentLateSuccessRecorded',
  {
    readonly paymentId: PaymentId;
    /** As in the request; repeated for who keeps the list of what is open. */
    readonly account: string;
    readonly channel: OutsideChannel;
    readonly initiatedAt: Instant;
    readonly reference: string;
    readonly amount: Money;
    readonly organisationId: OrganisationId;
    readonly recordedAt: Instant;
    readonly postings: readonly Posting[];
  }
>;

/** Stored before the institution is called. */
export type PaymentReturnSought = DomainEvent<
  'PaymentReturnSought',
  { readonly paymentId: PaymentId; readonly operationId: string; readonly soughtAt: Instant }
>;

/** `suspense:<organisation>` → `world:<channel>` */
export type PaymentLateSuccessReturned = DomainEvent<
  'PaymentLateSuccessReturned',
  {
    readonly paymentId: PaymentId;
    readonly operationId: string;
    readonly reference: string;
    readonly amount: Money;
    readonly returnedAt: Instant;
    readonly postings: readonly Posting[];
  }
>;

/** The capture of `byPayment` has moved the money out of suspense. */
export type PaymentLateSuccessReallocated = DomainEvent<
  'PaymentLateSuccessReallocated',
  { readonly paymentId: PaymentId; readonly byPayment: PaymentId; readonly reallocatedAt: Instant }
>;

export type LateSuccessEvent =
  | PaymentLateSuccessRecorded
  | PaymentReturnSought
  | PaymentLateSuccessReturned
  | PaymentLateSuccessReallocated;
