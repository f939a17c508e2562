import { globalId } from '#libs/graphql/index.js';

/** Ids of one organisation's things that operations on courses are asked about. */
interface Things {
  readonly organisation: string;
  readonly course: string;
  readonly courseOrder: string;
}

const money = { amount: '1.00' };
const UNKNOWN_MASS_REFUND = globalId('MassRefund', '00000000-0000-8000-8000-000000000000');
const UNKNOWN_AUTHORITY = globalId('Organisation', 'nobody');
const key = (): string => `key-${Math.random()}`;
const ofOrder = ({ courseOrder }: Things) => ({ idempotencyKey: key(), orderId: courseOrder });
const ofLesson = (of: Things) => ({ ...ofOrder(of), lessonNo: 1 });
const packages = [{ lessons: 12, price: money }];

/** Prepaid courses, and winding up a school that has failed. */
export const COURSE_QUERIES: Readonly<Record<string, (of: Things) => object>> = {
  courses: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  course: ({ course }) => ({ id: course }),
  courseOrders: ({ organisation }) => ({ filter: { organisationId: organisation }, first: 5 }),
  courseOrder: ({ courseOrder }) => ({ id: courseOrder }),
  massRefunds: () => ({ first: 5 }),
  massRefund: () => ({ id: UNKNOWN_MASS_REFUND }),
};

export const COURSE_MUTATIONS: Readonly<Record<string, (of: Things) => object>> = {
  // Nobody's authority: a bursar may publish a course of their own at any time.
  publishCourse: () => ({
    idempotencyKey: key(),
    name: 'x',
    subject: 'x',
    lessonMinutes: 45,
    packages,
    authorityId: UNKNOWN_AUTHORITY,
  }),
  repriceCourse: ({ course }) => ({ idempotencyKey: key(), courseId: course, packages }),
  withdrawCourse: ({ course }) => ({ idempotencyKey: key(), courseId: course }),
  orderCourse: ({ course }) => ({
    idempotencyKey: key(),
    courseId: course,
    lessons: 12,
    expectedPrice: money,
    studentNo: 'x',
  }),
  scheduleLessons: (of) => ({ ...ofOrder(of), firstDate: '2098-01-01', time: '18:00' }),
  rescheduleLesson: (of) => ({ ...ofLesson(of), startsAt: '2098-01-01T00:00:00Z' }),
  markLessonMissed: (of) => ({ ...ofLesson(of), reason: 'x' }),
  deliverLesson: ofLesson,
  // Each lesson has an answer of its own; more than are taken at once are refused as a whole.
  deliverLessons: ({ courseOrder }) => ({
    idempotencyKey: key(),
    lessons: Array.from({ length: 201 }, () => ({ orderId: courseOrder, lessonNo: 1 })),
  }),
  confirmLesson: ofLesson,
  objectToLesson: (of) => ({ ...ofLesson(of), objection: 'OTHER' }),
  withdrawFromCourse: (of) => ({ ...ofOrder(of), reason: 'x' }),
  repriceOrder: (of) => ({ ...ofOrder(of), total: money, reason: 'x' }),
  acceptNewPrice: (of) => ({ ...ofOrder(of), expectedTotal: money }),
  withdrawNewPrice: ofOrder,
  closeInstitution: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    reason: 'x',
  }),
};
