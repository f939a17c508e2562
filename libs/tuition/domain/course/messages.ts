import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { Id, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

export type CourseId = Id<'course'>;

/** Lessons that are sold together. */
export const PACKAGE_SIZES = [12, 24, 48] as const;
export type PackageSize = (typeof PACKAGE_SIZES)[number];

export interface LessonPackage {
  readonly lessons: PackageSize;
  /** Of the whole package, minor units. */
  readonly price: bigint;
}

/** What a school offers: whoever orders at this price has the school's word. */
export interface CourseOffer {
  readonly name: string;
  /** Field of teaching, such as 数学. */
  readonly subject: string;
  readonly lessonMinutes: number;
  readonly asset: Asset;
  readonly packages: readonly LessonPackage[];
  /** The authority that decides beside payer and school, and winds orders up when the school fails. */
  readonly authorityId: OrganisationId;
  /** Whose prepayment rules and working days hold. */
  readonly region: string;
  /** How long after ordering lessons can be given; what is left then goes back to the payer. */
  readonly validDays: number;
}

export type CourseCommand =
  | ({
      readonly kind: 'publish';
      readonly courseId: CourseId;
      readonly tenant: TenantId;
      readonly organisationId: OrganisationId;
      /** Account of the bursar in whose name the school agrees with every order. */
      readonly account: string;
      readonly at: Instant;
    } & CourseOffer)
  /** For orders to come; those that are placed keep their price. */
  | {
      readonly kind: 'reprice';
      readonly packages: readonly LessonPackage[];
      readonly account: string;
      readonly at: Instant;
    }
  /** No more orders; those that are placed go on. */
  | { readonly kind: 'withdraw'; readonly account: string; readonly at: Instant };

export type CoursePublished = DomainEvent<
  'CoursePublished',
  {
    readonly courseId: CourseId;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly publishedBy: string;
    readonly publishedAt: Instant;
  } & CourseOffer
>;
export type CourseRepriced = DomainEvent<
  'CourseRepriced',
  {
    readonly courseId: CourseId;
    readonly asset: Asset;
    readonly packages: readonly LessonPackage[];
    readonly repricedBy: string;
    readonly repricedAt: Instant;
  }
>;
export type CourseWithdrawn = DomainEvent<
  'CourseWithdrawn',
  { readonly courseId: CourseId; readonly withdrawnBy: string; readonly withdrawnAt: Instant }
>;
export type CourseEvent = CoursePublished | CourseRepriced | CourseWithdrawn;

export type CourseRefusal = Rejection<
  | 'COURSE_NOT_FOUND'
  | 'COURSE_WITHDRAWN'
  /** Packages, lengths or names that cannot be sold; `details.why`. */
  | 'INVALID_COURSE'
  | 'IDEMPOTENCY_CONFLICT'
>;
