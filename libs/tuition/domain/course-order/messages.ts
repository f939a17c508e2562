import type { Decision, DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CourseId, PackageSize } from '../course/index.js';

export type CourseOrderId = Id<'courseOrder'>;

/** A key whose signature says that a lesson was given; the contract is drafted with it. */
export interface LessonKey {
  readonly keyId: string;
  readonly alg: 'Ed25519' | 'SM2';
  /** base64url */
  readonly publicKey: string;
}

/** What is ordered, with everything the contract is drafted from: drafting it again gives the same contract. */
export interface OrderFacts {
  readonly orderId: CourseOrderId;
  /** The same UUID as the order's: who holds one finds the other. */
  readonly contractId: ContractId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly authorityId: OrganisationId;
  readonly courseId: CourseId;
  readonly courseName: string;
  readonly lessons: PackageSize;
  readonly lessonMinutes: number;
  readonly asset: Asset;
  readonly total: bigint;
  /** Account of the payer. */
  readonly account: string;
  readonly studentNo: string;
  /** Account in whose name the school made the offer. */
  readonly offeredBy: string;
  readonly region: string;
  readonly fundBy: Instant;
  readonly endsAt: Instant;
  readonly lessonKeys: readonly LessonKey[];
  readonly orderedAt: Instant;
}

export interface LessonTime {
  /** From 1 to the number of lessons; a lesson made up for keeps its number. */
  readonly lessonNo: number;
  readonly startsAt: Instant;
  readonly minutes: number;
}

export type CourseOrderCommand =
  | ({ readonly kind: 'order' } & OrderFacts)
  | { readonly kind: 'schedule'; readonly lessons: readonly LessonTime[]; readonly at: Instant }
  /** Another time for a lesson that has not been given: moved, or missed and made up for. */
  | { readonly kind: 'reschedule'; readonly lesson: LessonTime; readonly at: Instant }
  | { readonly kind: 'miss'; readonly lessonNo: number; readonly reason: string; readonly at: Instant }
  | {
      readonly kind: 'deliver';
      readonly lessonNo: number;
      /** Account of the staff member who says so. */
      readonly account: string;
      readonly at: Instant;
    }
  /** The contract does not take the evidence. */
  | {
      readonly kind: 'refuseDelivery';
      readonly lessonNo: number;
      readonly code: string;
      readonly at: Instant;
    }
  | { readonly kind: 'withdraw'; readonly reason: string; readonly at: Instant }
  | { readonly kind: 'refuseWithdrawal'; readonly code: string; readonly at: Instant }
  | {
      readonly kind: 'proposePrice';
      readonly amendmentId: string;
      readonly total: bigint;
      readonly reason: string;
      readonly account: string;
      readonly at: Instant;
    }
  | { readonly kind: 'dropPrice'; readonly amendmentId: string; readonly code: string; readonly at: Instant }
  | { readonly kind: 'reprice'; readonly amendmentId: string; readonly at: Instant }
  | {
      readonly kind: 'close';
      readonly reason: CloseReason;
      readonly code: string | null;
      readonly at: Instant;
    };

/** Of the contract; `refused`: there never was one, `code` says why. */
export type CloseReason =
  'paidOut' | 'withdrawn' | 'notFunded' | 'final' | 'dispute' | 'end' | 'authority' | 'refused';

type Happened<Type extends string, Data> = DomainEvent<
  Type,
  { readonly orderId: CourseOrderId; readonly at: Instant } & Data
>;

export type CourseOrdered = DomainEvent<'CourseOrdered', OrderFacts>;
export type LessonScheduled = Happened<'LessonScheduled', LessonTime>;
export type LessonRescheduled = Happened<
  'LessonRescheduled',
  LessonTime & { readonly wasAt: Instant; readonly madeUp: boolean }
>;
export type LessonMissed = Happened<'LessonMissed', { readonly lessonNo: number; readonly reason: string }>;
export type LessonDelivered = Happened<
  'LessonDelivered',
  {
    readonly lessonNo: number;
    readonly startsAt: Instant;
    readonly minutes: number;
    /** From 1; how often it has been handed to the contract. The contract knows the lesson by its number. */
    readonly attempt: number;
    readonly deliveredBy: string;
  }
>;
export type LessonDeliveryRefused = Happened<
  'LessonDeliveryRefused',
  { readonly lessonNo: number; readonly code: string }
>;
export type OrderWithdrawn = Happened<
  'OrderWithdrawn',
  { readonly reason: string; readonly attempt: number }
>;
export type OrderWithdrawalRefused = Happened<'OrderWithdrawalRefused', { readonly code: string }>;
export type OrderPriceProposed = Happened<
  'OrderPriceProposed',
  {
    readonly amendmentId: string;
    readonly asset: Asset;
    readonly total: bigint;
    readonly reason: string;
    readonly proposedBy: string;
  }
>;
export type OrderPriceDropped = Happened<
  'OrderPriceDropped',
  { readonly amendmentId: string; readonly code: string }
>;
export type OrderRepriced = Happened<
  'OrderRepriced',
  { readonly amendmentId: string; readonly asset: Asset; readonly total: bigint }
>;
export type OrderClosed = Happened<
  'OrderClosed',
  { readonly reason: CloseReason; readonly code: string | null }
>;

export type CourseOrderEvent =
  | CourseOrdered
  | LessonScheduled
  | LessonRescheduled
  | LessonMissed
  | LessonDelivered
  | LessonDeliveryRefused
  | OrderWithdrawn
  | OrderWithdrawalRefused
  | OrderPriceProposed
  | OrderPriceDropped
  | OrderRepriced
  | OrderClosed;

export type CourseOrderRefusal = Rejection<
  | 'COURSE_ORDER_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  /** Nothing of it can change any more. */
  | 'COURSE_ORDER_ENDED'
  /** No such number in the package, or it has no time yet. */
  | 'LESSON_NOT_FOUND'
  | 'LESSON_ALREADY_DELIVERED'
  /** Missed: give it another time first. */
  | 'LESSON_MISSED'
  /** It is said to be given or missed before it began. */
  | 'LESSON_NOT_BEGUN'
  /** All lessons have a time, or more are named than are left. */
  | 'TOO_MANY_LESSONS'
  /** A time in the past, after the order's end, or two lessons at once. */
  | 'INVALID_LESSON_TIME'
  | 'PRICE_PROPOSED'
  | 'PRICE_NOT_PROPOSED'
>;

export type OrderDecision = Decision<CourseOrderEvent, CourseOrderRefusal>;
