import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { courseDecider, type CourseCommand, type CourseEvent, type CourseOffer } from './index.js';

const at = parseInstant('2026-09-01T08:00:00Z');
const courseId = asId<'course'>('c1');
const offer: CourseOffer = {
  name: '初中数学',
  subject: '数学',
  lessonMinutes: 45,
  asset: CNY,
  packages: [
    { lessons: 12, price: 120_000n },
    { lessons: 24, price: 216_000n },
  ],
  authorityId: asId('bureau-1'),
  region: 'CN',
  validDays: 180,
};
const place = { courseId, tenant: asId<'tenant'>('demo'), organisationId: asId<'organisation'>('school-1') };
const publish: Extract<CourseCommand, { kind: 'publish' }> = {
  kind: 'publish',
  ...place,
  account: 'bursar-1',
  at,
  ...offer,
};
const published: CourseEvent = {
  type: 'CoursePublished',
  data: { ...place, publishedBy: 'bursar-1', publishedAt: at, ...offer },
};
const dearer = [{ lessons: 24 as const, price: 240_000n }];
const reprice: CourseCommand = { kind: 'reprice', packages: dearer, account: 'bursar-2', at };
const repriced: CourseEvent = {
  type: 'CourseRepriced',
  data: { courseId, asset: CNY, packages: dearer, repricedBy: 'bursar-2', repricedAt: at },
};
const withdraw: CourseCommand = { kind: 'withdraw', account: 'bursar-1', at };
const withdrawn: CourseEvent = {
  type: 'CourseWithdrawn',
  data: { courseId, withdrawnBy: 'bursar-1', withdrawnAt: at },
};
const course = spec(courseDecider);

describe('a course on offer', () => {
  it('is published once; the key stands for the course, not for its price', () => {
    course
      .given([])
      .when(publish)
      .then([published])
      .andState({ status: 'published', ...place, ...offer, offeredBy: 'bursar-1' });
    course.given([published]).when(publish).then([]);
    course.given([published, repriced]).when(publish).then([]);
    course
      .given([published])
      .when({ ...publish, subject: '语文' })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it.each<[string, Partial<CourseOffer>]>([
    ['name', { name: ' ' }],
    ['name', { name: '数'.repeat(61) }],
    ['subject', { subject: '' }],
    ['lessonMinutes', { lessonMinutes: 9 }],
    ['lessonMinutes', { lessonMinutes: 45.5 }],
    ['validDays', { validDays: 731 }],
    ['authority', { authorityId: place.organisationId }],
    ['packages', { packages: [] }],
    ['packages', { packages: [{ lessons: 13 as 12, price: 1n }] }],
    ['packages', { packages: [{ lessons: 12, price: 0n }] }],
    ['packages', { packages: [{ lessons: 12, price: 10_000_000_001n }] }],
    [
      'packages',
      {
        packages: [
          { lessons: 12, price: 1n },
          { lessons: 12, price: 2n },
        ],
      },
    ],
  ])('is refused for its %s: %o', (why, change) => {
    course
      .given([])
      .when({ ...publish, ...change })
      .thenRejected({ code: 'INVALID_COURSE', path: ['input', why], details: { why } });
  });

  it('has other prices for orders to come, in the name of who set them', () => {
    course
      .given([published])
      .when(reprice)
      .then([repriced])
      .andState({ status: 'published', ...place, ...offer, packages: dearer, offeredBy: 'bursar-2' });
    course.given([published, repriced]).when(reprice).then([]);
    course
      .given([published])
      .when({ ...reprice, packages: [] })
      .thenRejected({ code: 'INVALID_COURSE', path: ['input', 'packages'], details: { why: 'packages' } });
  });

  it('takes no more orders once withdrawn', () => {
    course.given([published]).when(withdraw).then([withdrawn]);
    course.given([published, withdrawn]).when(withdraw).then([]);
    course.given([published, withdrawn]).when(reprice).thenRejected({ code: 'COURSE_WITHDRAWN' });
    course.given([]).when(reprice).thenRejected({ code: 'COURSE_NOT_FOUND' });
    course.given([]).when(withdraw).thenRejected({ code: 'COURSE_NOT_FOUND' });
  });

  it('has no other history', () => {
    course.given([published, published]).thenImpossible();
    course.given([repriced]).thenImpossible();
    course.given([published, withdrawn, repriced]).thenImpossible();
  });
});
