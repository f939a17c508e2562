/** Prepaid courses as others may see them. */
import { Query } from '@nestjs/cqrs';
import type { ContractId, OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';
import type { CourseId } from '../domain/course/index.js';
import type { CloseReason, CourseOrderId } from '../domain/course-order/index.js';

export type { CourseId } from '../domain/course/index.js';
export type { CloseReason, CourseOrderId } from '../domain/course-order/index.js';

export interface PackagePrice {
  /** 12, 24 or 48. */
  readonly lessons: number;
  readonly price: Money;
}

export interface CourseView {
  readonly id: CourseId;
  readonly organisationId: OrganisationId;
  readonly status: 'PUBLISHED' | 'WITHDRAWN';
  readonly name: string;
  readonly subject: string;
  readonly lessonMinutes: number;
  readonly packages: readonly PackagePrice[];
  readonly authorityId: OrganisationId;
  readonly region: string;
  readonly validDays: number;
}

/**
 * AWAITING_PAYMENT until the money lies in custody. ENDING: withdrawn or wound up, lessons given are still to be paid. REFUSED:
 * no contract could be made.
 */
export type CourseOrderStatus =
  'AWAITING_PAYMENT' | 'ACTIVE' | 'FROZEN' | 'ENDING' | 'ENDED' | 'CANCELLED' | 'REFUSED';

export interface CourseOrderView {
  readonly id: CourseOrderId;
  readonly contractId: ContractId;
  readonly organisationId: OrganisationId;
  readonly courseId: CourseId;
  readonly courseName: string;
  readonly status: CourseOrderStatus;
  readonly closed: { readonly reason: CloseReason; readonly code: string | null } | null;
  readonly lessons: number;
  readonly total: Money;
  readonly studentNo: string;
  readonly account: string;
  readonly fundBy: Instant;
  readonly endsAt: Instant;
  readonly orderedAt: Instant;
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  /** In custody. */
  readonly held: Money;
  readonly proposedPrice: {
    readonly amendmentId: string;
    readonly total: Money;
    readonly reason: string;
  } | null;
}

/**
 * DELIVERED: the school says so, the payer may confirm or object until `payableAt`. CONFIRMED: by the payer, not paid
 * out yet. RELEASED: paid out.
 * WAIVED: its money went back after a dispute.
 */
export type LessonStatus =
  'UNSCHEDULED' | 'SCHEDULED' | 'MISSED' | 'DELIVERED' | 'CONFIRMED' | 'DISPUTED' | 'RELEASED' | 'WAIVED';

export interface LessonView {
  readonly lessonNo: number;
  readonly status: LessonStatus;
  readonly startsAt: Instant | null;
  readonly minutes: number | null;
  readonly deliveredAt: Instant | null;
  /** By the payer, or by saying nothing until the time was up. */
  readonly consent: 'CONFIRMED' | 'DEEMED' | null;
  /** When silence counts as consent. */
  readonly payableAt: Instant | null;
  readonly amount: Money | null;
  readonly disputeId: string | null;
  /** Why the contract did not take it. */
  readonly refusal: string | null;
}

/** Newest first. Everybody of the tenant sees what is on offer; staff of the school also what was withdrawn. */
export class CoursesOf extends Query<Page<CourseView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class CourseById extends Query<CourseView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CourseId,
  ) {
    super();
  }
}

export interface CourseOrderFilter {
  /** Of this school; else the caller's own. */
  readonly organisationId?: OrganisationId;
  readonly courseId?: CourseId;
  readonly studentNo?: string;
  readonly statuses?: readonly CourseOrderStatus[];
}

/** Newest first. A payer's own; for those who may read the school's figures, the school's. */
export class CourseOrdersOf extends Query<Page<CourseOrderView>> {
  constructor(
    readonly context: RequestContext,
    readonly filter: CourseOrderFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** `undefined` when it does not exist or is not the caller's to see. */
export class CourseOrderById extends Query<CourseOrderView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: CourseOrderId,
  ) {
    super();
  }
}

/** All lessons of an order by number, at most 48; none where the order is not the caller's to see. */
export class LessonsOf extends Query<readonly LessonView[]> {
  constructor(
    readonly context: RequestContext,
    readonly id: CourseOrderId,
  ) {
    super();
  }
}
