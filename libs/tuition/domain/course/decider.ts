import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import {
  PACKAGE_SIZES,
  type CourseCommand,
  type CourseEvent,
  type CourseId,
  type CourseOffer,
  type CourseRefusal,
  type LessonPackage,
} from './messages.js';

export interface KnownCourse extends CourseOffer {
  readonly status: 'published' | 'withdrawn';
  readonly courseId: CourseId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Who gave the school's word last: at publishing or with the price as it is. */
  readonly offeredBy: string;
}

export type CourseState = { readonly status: 'absent' } | KnownCourse;

const LONGEST_NAME = 60;
const LONGEST_LESSON_MINUTES = 480;
/** Two years: longer promises are not prepaid lessons. */
const LONGEST_VALID_DAYS = 730;
/** 100 million yuan, as for bills. */
const HIGHEST_PRICE = 10_000_000_000n;

export const courseDecider: Decider<CourseCommand, CourseState, CourseEvent, CourseRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'publish':
        return publish(command, state);
      case 'reprice': {
        if (state.status === 'absent') return NOT_FOUND;
        if (state.status === 'withdrawn') return WITHDRAWN;
        const { packages, account, at } = command;
        const why = faultOfPackages(packages);
        if (why) return invalid(why);
        if (samePackages(state.packages, packages)) return accept();
        const { courseId, asset } = state;
        return accept({
          type: 'CourseRepriced',
          data: { courseId, asset, packages, repricedBy: account, repricedAt: at },
        });
      }
      case 'withdraw': {
        if (state.status === 'absent') return NOT_FOUND;
        if (state.status === 'withdrawn') return accept();
        const { account, at } = command;
        return accept({
          type: 'CourseWithdrawn',
          data: { courseId: state.courseId, withdrawnBy: account, withdrawnAt: at },
        });
      }
      default:
        return assertNever(command, 'course command');
    }
  },
  evolve(state, event) {
    if (event.type === 'CoursePublished') {
      if (state.status !== 'absent') throw new ImpossibleHistoryError('A course is published once.');
      const { publishedBy, publishedAt: _at, ...offer } = event.data;
      return { status: 'published', ...offer, offeredBy: publishedBy };
    }
    if (state.status !== 'published') throw new ImpossibleHistoryError(`${event.type} of no open course.`);
    switch (event.type) {
      case 'CourseRepriced':
        return { ...state, packages: event.data.packages, offeredBy: event.data.repricedBy };
      case 'CourseWithdrawn':
        return { ...state, status: 'withdrawn' };
      default:
        return assertNever(event, 'course event');
    }
  },
};

/** What the package costs for orders placed now; undefined when it is not sold. */
export function packageOf(course: KnownCourse, lessons: number): LessonPackage | undefined {
  return course.packages.find((known) => known.lessons === lessons);
}

type Publish = Extract<CourseCommand, { kind: 'publish' }>;

function publish(command: Publish, state: CourseState): Decision<CourseEvent, CourseRefusal> {
  const { kind: _kind, account, at, ...data } = command;
  if (state.status !== 'absent') {
    if (sameOffer(state, command)) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  }
  const why = faultOf(command);
  if (why) return invalid(why);
  return accept({ type: 'CoursePublished', data: { ...data, publishedBy: account, publishedAt: at } });
}

/** The price may have changed since: the key stands for the course, not for its price. */
function sameOffer(known: KnownCourse, offer: CourseOffer): boolean {
  return (
    known.name === offer.name &&
    known.subject === offer.subject &&
    known.lessonMinutes === offer.lessonMinutes &&
    known.asset === offer.asset &&
    known.authorityId === offer.authorityId &&
    known.region === offer.region &&
    known.validDays === offer.validDays
  );
}

function samePackages(one: readonly LessonPackage[], other: readonly LessonPackage[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ lessons, price }) =>
      other.some((known) => known.lessons === lessons && known.price === price),
    )
  );
}

function faultOf(offer: CourseOffer & { readonly organisationId: OrganisationId }): string | undefined {
  const { name, subject, lessonMinutes, validDays, authorityId, organisationId, packages } = offer;
  if (!isName(name)) return 'name';
  if (!isName(subject)) return 'subject';
  if (!isWithin(lessonMinutes, 10, LONGEST_LESSON_MINUTES)) return 'lessonMinutes';
  if (!isWithin(validDays, 7, LONGEST_VALID_DAYS)) return 'validDays';
  // Who is supervised does not supervise itself.
  if (authorityId === organisationId) return 'authority';
  return faultOfPackages(packages);
}

function faultOfPackages(packages: readonly LessonPackage[]): string | undefined {
  const sizes = new Set(packages.map(({ lessons }) => lessons));
  const isSound =
    packages.length > 0 &&
    sizes.size === packages.length &&
    packages.every(
      ({ lessons, price }) => PACKAGE_SIZES.includes(lessons) && price > 0n && price <= HIGHEST_PRICE,
    );
  return isSound ? undefined : 'packages';
}

function isName(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_NAME;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function invalid(why: string): Decision<never, CourseRefusal> {
  const message = 'A course has a name, a subject, lessons of 10 to 480 minutes and packages with a price.';
  return reject({ code: 'INVALID_COURSE', message, path: ['input', why], details: { why } });
}

const NOT_FOUND = reject<CourseRefusal>({ code: 'COURSE_NOT_FOUND', message: 'There is no such course.' });
const WITHDRAWN = reject<CourseRefusal>({
  code: 'COURSE_WITHDRAWN',
  message: 'The course is no longer on offer.',
});
