/** Prepaid courses: what may be asked for. Money lies in a release contract until lessons are given. */
import { Command } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { CourseId, CourseOrderId, CourseOrderView, CourseView, PackagePrice } from './course-views.js';

export * from './course-views.js';

type CourseResult<Code extends string> = Outcome<
  CourseView,
  Rejection<Code | 'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT'>
>;
export type OrderResult<Code extends string> = Outcome<
  CourseOrderView,
  Rejection<Code | 'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'COURSE_ORDER_NOT_FOUND'>
>;

interface OnOrder {
  readonly idempotencyKey: string;
  readonly orderId: CourseOrderId;
}

/** Role bursar: the school's word to everybody who orders. */
export class PublishCourse extends Command<CourseResult<'INVALID_COURSE'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly name: string;
      readonly subject: string;
      readonly lessonMinutes: number;
      readonly packages: readonly PackagePrice[];
      readonly authorityId: OrganisationId;
      readonly region: string;
      readonly validDays: number;
    },
  ) {
    super();
  }
}

/** Role bursar. For orders to come. */
export class RepriceCourse extends Command<
  CourseResult<'COURSE_NOT_FOUND' | 'COURSE_WITHDRAWN' | 'INVALID_COURSE'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly courseId: CourseId;
      readonly packages: readonly PackagePrice[];
    },
  ) {
    super();
  }
}

/** Role bursar. */
export class WithdrawCourse extends Command<CourseResult<'COURSE_NOT_FOUND'>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly courseId: CourseId },
  ) {
    super();
  }
}

/**
 * Role payer: agrees with the offer at the price named and gets a contract to fund. The school agreed by publishing. A price
 * that is no longer the course's is refused.
 */
export class OrderCourse extends Command<
  Outcome<
    CourseOrderView,
    Rejection<
      | 'FORBIDDEN'
      | 'COURSE_NOT_FOUND'
      | 'COURSE_WITHDRAWN'
      | 'PACKAGE_NOT_FOUND'
      | 'AMOUNT_MISMATCH'
      | 'INVALID_PARAMETERS'
      | 'IDEMPOTENCY_CONFLICT'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly courseId: CourseId;
      readonly lessons: number;
      readonly expectedPrice: Money;
      readonly studentNo: string;
    },
  ) {
    super();
  }
}

/** Staff of the school: gives times to the lessons that have none, in order of their numbers. */
export class ScheduleLessons extends Command<
  OrderResult<'COURSE_ORDER_ENDED' | 'TOO_MANY_LESSONS' | 'INVALID_LESSON_TIME'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly firstDate: LocalDate;
      /** 1 Monday … 7 Sunday; none: that of the first date. */
      readonly weekdays: readonly number[];
      /** `HH:MM`, Asia/Shanghai. */
      readonly time: string;
      readonly except: readonly LocalDate[];
      /** Default: all that have no time. */
      readonly count?: number;
    },
  ) {
    super();
  }
}

/** Staff of the school: another time for a lesson that was not given, moved or made up for. */
export class RescheduleLesson extends Command<
  OrderResult<'COURSE_ORDER_ENDED' | 'LESSON_NOT_FOUND' | 'LESSON_ALREADY_DELIVERED' | 'INVALID_LESSON_TIME'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly lessonNo: number;
      readonly startsAt: Instant;
      /** Default: as before. */
      readonly minutes?: number;
    },
  ) {
    super();
  }
}

/** Staff of the school. */
export class MarkLessonMissed extends Command<
  OrderResult<'COURSE_ORDER_ENDED' | 'LESSON_NOT_FOUND' | 'LESSON_ALREADY_DELIVERED' | 'LESSON_NOT_BEGUN'>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly lessonNo: number;
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** Why the contract does not take a step just now. */
export type ContractStateCode =
  'CONTRACT_NOT_ACTIVE' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSING' | 'CONTRACT_CLOSED';

/** The clock stands before the contract's last event. */
type Clock = 'CLOCK_REGRESSION';

export type DeliverLessonRejectionCode =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'COURSE_ORDER_NOT_FOUND'
  | 'COURSE_ORDER_ENDED'
  | 'LESSON_NOT_FOUND'
  | 'LESSON_MISSED'
  | 'LESSON_NOT_BEGUN'
  | 'EVIDENCE_CONFLICT'
  /** The school signs with another key than the contract knows. */
  | 'BAD_SIGNATURE'
  | Clock
  | ContractStateCode;

/** Staff of the school: a lesson was given. Signed with the school's key and handed to the contract; idempotent per lesson. */
export class DeliverLesson extends Command<Outcome<CourseOrderView, Rejection<DeliverLessonRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & { readonly lessonNo: number },
  ) {
    super();
  }
}

export interface LessonDelivery {
  readonly orderId: CourseOrderId;
  readonly lessonNo: number;
  readonly outcome: Outcome<CourseOrderView, Rejection<DeliverLessonRejectionCode>>;
}

/** Staff of the school: a whole class at once, at most 200 lessons; each stands for itself. */
export class DeliverLessons extends Command<
  Outcome<
    { readonly deliveries: readonly LessonDelivery[] },
    Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'TOO_MANY_LESSONS'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly lessons: readonly { readonly orderId: CourseOrderId; readonly lessonNo: number }[];
    },
  ) {
    super();
  }
}

/** Role payer: the lesson was given, its money may go at once. */
export class ConfirmLesson extends Command<
  OrderResult<
    'LESSON_NOT_FOUND' | 'NOT_COOLING' | 'CONTRACT_NOT_ACTIVE' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSED' | Clock
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & { readonly lessonNo: number },
  ) {
    super();
  }
}

export const OBJECTIONS = ['NOT_GIVEN', 'CUT_SHORT', 'OTHER_TEACHER', 'POOR_QUALITY', 'OTHER'] as const;
export type Objection = (typeof OBJECTIONS)[number];

/** Role payer: keeps the lesson's money from going until payer, school and authority have decided. */
export class ObjectToLesson extends Command<
  OrderResult<
    | 'LESSON_NOT_FOUND'
    | 'NOT_COOLING'
    | 'DISPUTE_OPEN'
    | 'CONTRACT_NOT_ACTIVE'
    | 'CONTRACT_FROZEN'
    | 'CONTRACT_CLOSED'
    | Clock
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly lessonNo: number;
      readonly objection: Objection;
    },
  ) {
    super();
  }
}

/** Role payer: gives the rest up. What is not earned comes back at once; lessons given are still paid. */
export class WithdrawFromCourse extends Command<
  OrderResult<'COURSE_ORDER_ENDED' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSING' | 'CONTRACT_CLOSED' | Clock>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** Role bursar of the school: proposes another price for the whole package, with the school's signature. */
export class RepriceOrder extends Command<
  OrderResult<
    | 'COURSE_ORDER_ENDED'
    | 'PRICE_PROPOSED'
    | 'INVALID_AMOUNT'
    | 'INVALID_PARAMETERS'
    | 'AMENDMENT_NOT_POSSIBLE'
    | 'AMENDMENT_OPEN'
    | Clock
    | ContractStateCode
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & {
      readonly total: Money;
      readonly reason: string;
    },
  ) {
    super();
  }
}

/** Role payer: signs the price proposed, naming it. What is too much comes back at once, what is missing can be paid in. */
export class AcceptNewPrice extends Command<
  OrderResult<
    | 'COURSE_ORDER_ENDED'
    | 'PRICE_NOT_PROPOSED'
    | 'AMOUNT_MISMATCH'
    | 'INVALID_PARAMETERS'
    | 'AMENDMENT_NOT_POSSIBLE'
    | 'AMENDMENT_OPEN'
    | Clock
    | ContractStateCode
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder & { readonly expectedTotal: Money },
  ) {
    super();
  }
}

/** Role bursar of the school: takes a proposal back that nobody has answered. */
export class WithdrawNewPrice extends Command<
  OrderResult<'PRICE_NOT_PROPOSED' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSED' | Clock>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: OnOrder,
  ) {
    super();
  }
}
