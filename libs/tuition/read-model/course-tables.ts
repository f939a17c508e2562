import type { TableDefinition } from '#libs/views/port/index.js';

export const courseTable: TableDefinition = {
  name: 'course',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    status: 'text',
    name: 'text',
    subject: 'text',
    lesson_minutes: 'integer',
    asset: 'text',
    /** JSON of packages and prices: shown with the course and never searched. */
    packages: 'text',
    authority_id: 'text',
    region: 'text',
    valid_days: 'integer',
    published_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'published_at', 'id']],
};

/** An order with the figures of its contract, whose id it shares. */
export const courseOrderTable: TableDefinition = {
  name: 'course_order',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    authority_id: 'text',
    course_id: 'text',
    course_name: 'text',
    status: 'text',
    closed_reason: { type: 'text', nullable: true },
    closed_code: { type: 'text', nullable: true },
    lessons: 'integer',
    asset: 'text',
    total_minor: 'minor',
    student_no: 'text',
    account: 'text',
    fund_by: 'text',
    ends_at: 'text',
    ordered_at: 'text',
    funded_minor: 'minor',
    released_minor: 'minor',
    refunded_minor: 'minor',
    held_minor: 'minor',
    proposed_id: { type: 'text', nullable: true },
    proposed_minor: { type: 'minor', nullable: true },
    proposed_reason: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [
    ['organisation_id', 'ordered_at', 'id'],
    ['account', 'ordered_at', 'id'],
  ],
};

export const courseLessonTable: TableDefinition = {
  name: 'course_lesson',
  columns: {
    order_id: 'text',
    lesson_no: 'integer',
    status: 'text',
    starts_at: { type: 'text', nullable: true },
    minutes: { type: 'integer', nullable: true },
    delivered_at: { type: 'text', nullable: true },
    payable_at: { type: 'text', nullable: true },
    consent: { type: 'text', nullable: true },
    amount_minor: { type: 'minor', nullable: true },
    dispute_id: { type: 'text', nullable: true },
    refusal: { type: 'text', nullable: true },
  },
  primaryKey: ['order_id', 'lesson_no'],
};

export interface CourseRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly status: string;
  readonly name: string;
  readonly subject: string;
  readonly lesson_minutes: number;
  readonly asset: string;
  readonly packages: string;
  readonly authority_id: string;
  readonly region: string;
  readonly valid_days: number;
  readonly published_at: string;
}

export interface CourseOrderRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly authority_id: string;
  readonly course_id: string;
  readonly course_name: string;
  readonly status: string;
  readonly closed_reason: string | null;
  readonly closed_code: string | null;
  readonly lessons: number;
  readonly asset: string;
  readonly total_minor: bigint;
  readonly student_no: string;
  readonly account: string;
  readonly fund_by: string;
  readonly ends_at: string;
  readonly ordered_at: string;
  readonly funded_minor: bigint;
  readonly released_minor: bigint;
  readonly refunded_minor: bigint;
  readonly held_minor: bigint;
  readonly proposed_id: string | null;
  readonly proposed_minor: bigint | null;
  readonly proposed_reason: string | null;
}

export interface CourseLessonRow {
  readonly order_id: string;
  readonly lesson_no: number;
  readonly status: string;
  readonly starts_at: string | null;
  readonly minutes: number | null;
  readonly delivered_at: string | null;
  readonly payable_at: string | null;
  readonly consent: string | null;
  readonly amount_minor: bigint | null;
  readonly dispute_id: string | null;
  readonly refusal: string | null;
}

export interface CourseTables {
  readonly course: CourseRow;
  readonly course_order: CourseOrderRow;
  readonly course_lesson: CourseLessonRow;
}
