import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { OutsideChannel } from './tender.js';

/** What an institution was asked for; the operation id is the same on every attempt. */
export interface Authorisation {
  readonly channel: OutsideChannel;
  readonly operationId: string;
  /** The institution must not let it succeed later than this. */
  readonly expiresAt: Instant;
  readonly soughtAt: Instant;
  /** Whose suspense account would take the money if it came too late: the organisation of the first bill. */
  readonly organisationId: OrganisationId;
}

export type AuthorisationCommand =
  | ({ readonly kind: 'seekAuthorisation' } & Omit<Authorisation, 'soughtAt'> & { readonly at: Instant })
  | { readonly kind: 'instruct'; readonly remittanceCode: string; readonly at: Instant }
  | { readonly kind: 'authorise'; readonly reference: string; readonly at: Instant }
  | { readonly kind: 'loseTrack'; readonly reason: string; readonly at: Instant };

/** Stored before the institution is called, so that no call is ever forgotten. */
export type PaymentAuthorisationSought = DomainEvent<
  'PaymentAuthorisationSought',
  { readonly paymentId: PaymentId } & Authorisation
>;

/** The institution waits for the payer's transfer, which must name the code. */
export type PaymentInstructed = DomainEvent<
  'PaymentInstructed',
  { readonly paymentId: PaymentId; readonly remittanceCode: string; readonly instructedAt: Instant }
>;

/** The institution has the money for us; a capture follows, nothing else can. */
export type PaymentAuthorised = DomainEvent<
  'PaymentAuthorised',
  { readonly paymentId: PaymentId; readonly reference: string; readonly authorisedAt: Instant }
>;

/** No trustworthy answer came: it may have succeeded. */
export type PaymentOutcomeUnknown = DomainEvent<
  'PaymentOutcomeUnknown',
  { readonly paymentId: PaymentId; readonly reason: string; readonly since: Instant }
>;

export type AuthorisationEvent =
  PaymentAuthorisationSought | PaymentInstructed | PaymentAuthorised | PaymentOutcomeUnknown;
