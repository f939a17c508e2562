import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId, isUuid } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  CourseOrderById,
  CourseOrdersOf,
  LessonsOf,
  type CloseReason,
  type CourseOrderStatus,
  type CourseOrderView,
  type LessonStatus,
  type LessonView,
} from '../contract/courses.js';
import type { CourseLessonRow, CourseOrderRow, CourseTables } from './course-tables.js';

const NOTHING: Page<CourseOrderView> = { items: [], hasNextPage: false };

/** Newest first: those of a school for who may read its figures, else those that the caller has placed. */
@QueryHandler(CourseOrdersOf)
export class CourseOrdersOfHandler implements IQueryHandler<CourseOrdersOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, filter, page }: CourseOrdersOf): Promise<Page<CourseOrderView>> {
    const { organisationId, courseId, studentNo, statuses } = filter;
    const isStaff = organisationId !== undefined && mayReadOrganisation(caller, organisationId);
    if (organisationId !== undefined && !isStaff && !caller.roles.includes('payer')) return NOTHING;
    let rows = this.views
      .database<CourseTables>()
      .selectFrom('course_order')
      .selectAll()
      .where('tenant', '=', caller.tenant)
      .orderBy('ordered_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (organisationId !== undefined) rows = rows.where('organisation_id', '=', organisationId);
    if (!isStaff) rows = rows.where('account', '=', caller.accountId);
    if (courseId !== undefined) rows = rows.where('course_id', '=', courseId);
    if (studentNo !== undefined) rows = rows.where('student_no', '=', studentNo);
    if (statuses) rows = rows.where('status', 'in', statuses);
    if (page.after !== undefined) {
      const [orderedAt, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('ordered_at', '<', orderedAt),
          row.and([row('ordered_at', '=', orderedAt), row('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.ordered_at, row.id), item: orderOf(row) })),
      hasNextPage: found.length > page.first,
    };
  }
}

@QueryHandler(CourseOrderById)
export class CourseOrderByIdHandler implements IQueryHandler<CourseOrderById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: CourseOrderById): Promise<CourseOrderView | undefined> {
    const row = await visibleOrder(this.views, caller, id);
    return row && orderOf(row);
  }
}

@QueryHandler(LessonsOf)
export class LessonsOfHandler implements IQueryHandler<LessonsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: LessonsOf): Promise<readonly LessonView[]> {
    const order = await visibleOrder(this.views, caller, id);
    if (!order) return [];
    const rows = await this.views
      .database<CourseTables>()
      .selectFrom('course_lesson')
      .selectAll()
      .where('order_id', '=', id)
      .orderBy('lesson_no')
      .execute();
    return rows.map((row) => lessonOf(row, order.asset as Asset));
  }
}

/** For its payer, for those who may read the school's figures, and for the authority's own staff. */
async function visibleOrder(views: Views, caller: Caller, id: string): Promise<CourseOrderRow | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await views
    .database<CourseTables>()
    .selectFrom('course_order')
    .selectAll()
    .where('id', '=', id)
    .where('tenant', '=', caller.tenant)
    .executeTakeFirst();
  if (!row) return undefined;
  const isVisible =
    (caller.roles.includes('payer') && row.account === caller.accountId) ||
    mayReadOrganisation(caller, asId(row.organisation_id)) ||
    (caller.organisation !== undefined && mayReadOrganisation(caller, asId(row.authority_id)));
  return isVisible ? row : undefined;
}

function orderOf(row: CourseOrderRow): CourseOrderView {
  const asset = row.asset as Asset;
  return {
    id: asId(row.id),
    contractId: asId(row.id),
    organisationId: asId(row.organisation_id),
    courseId: asId(row.course_id),
    courseName: row.course_name,
    status: row.status as CourseOrderStatus,
    closed:
      row.closed_reason === null ? null : { reason: row.closed_reason as CloseReason, code: row.closed_code },
    lessons: row.lessons,
    total: money(asset, row.total_minor),
    studentNo: row.student_no,
    account: row.account,
    fundBy: row.fund_by as Instant,
    endsAt: row.ends_at as Instant,
    orderedAt: row.ordered_at as Instant,
    funded: money(asset, row.funded_minor),
    released: money(asset, row.released_minor),
    refunded: money(asset, row.refunded_minor),
    held: money(asset, row.held_minor),
    proposedPrice:
      row.proposed_id === null || row.proposed_minor === null
        ? null
        : {
            amendmentId: row.proposed_id,
            total: money(asset, row.proposed_minor),
            reason: row.proposed_reason ?? '',
          },
  };
}

function lessonOf(row: CourseLessonRow, asset: Asset): LessonView {
  return {
    lessonNo: row.lesson_no,
    status: row.status as LessonStatus,
    startsAt: row.starts_at as Instant | null,
    minutes: row.minutes,
    deliveredAt: row.delivered_at as Instant | null,
    consent: row.consent as LessonView['consent'],
    payableAt: row.payable_at as Instant | null,
    amount: row.amount_minor === null ? null : money(asset, row.amount_minor),
    disputeId: row.dispute_id,
    refusal: row.refusal,
  };
}
