import type { Command } from '@nestjs/cqrs';
import { type MoneyInput, type Resolvers, localId, readMoney, resultOf } from '#libs/graphql/index.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import {
  AcceptNewPrice,
  ConfirmLesson,
  DeliverLesson,
  DeliverLessons,
  MarkLessonMissed,
  type Objection,
  ObjectToLesson,
  OrderCourse,
  PublishCourse,
  RepriceCourse,
  RepriceOrder,
  RescheduleLesson,
  ScheduleLessons,
  WithdrawCourse,
  WithdrawFromCourse,
  WithdrawNewPrice,
} from '#libs/tuition/contract/courses.js';
import type { GatewayContext } from '../context.js';
import type { Commands } from '../own-writes.js';

type Keyed<Content = unknown> = Content & { readonly idempotencyKey: string };
type OfCourse<Content = unknown> = Keyed<Content & { readonly courseId: string }>;
type OfOrder<Content = unknown> = Keyed<Content & { readonly orderId: string }>;
type OfLesson<Content = unknown> = OfOrder<Content & { readonly lessonNo: number }>;
type Packages = readonly { readonly lessons: number; readonly price: MoneyInput }[];

interface Published {
  readonly name: string;
  readonly subject: string;
  readonly lessonMinutes: number;
  readonly packages: Packages;
  readonly authorityId: string;
  readonly region: string;
  readonly validDays: number;
}

interface Series {
  readonly firstDate: LocalDate;
  readonly weekdays: readonly number[];
  readonly time: string;
  readonly except: readonly LocalDate[];
  readonly count?: number | null;
}

interface Ordered {
  readonly lessons: number;
  readonly expectedPrice: MoneyInput;
  readonly studentNo: string;
}

interface Moved {
  readonly startsAt: Instant;
  readonly minutes?: number | null;
}

interface Delivered {
  readonly lessons: readonly { readonly orderId: string; readonly lessonNo: number }[];
}

export function courseMutations(commands: Commands): Resolvers[string] {
  /** One input, one command, one result. */
  const act =
    <Input, Value>(make: (request: RequestContext, input: Input) => Command<Outcome<Value>>) =>
    async (_source: unknown, { input }: { readonly input: Input }, { request }: GatewayContext) =>
      resultOf(await commands.execute(make(request, input)));
  return { ...offers(act), ...timetable(act), ...payers(act), ...prices(act) };
}

type Act = <Input, Value>(
  make: (request: RequestContext, input: Input) => Command<Outcome<Value>>,
) => (
  source: unknown,
  args: { readonly input: Input },
  context: GatewayContext,
) => Promise<Value | ReturnType<typeof resultOf>>;

function offers(act: Act): Resolvers[string] {
  return {
    publishCourse: act((request, { authorityId, packages, ...input }: Keyed<Published>) => {
      const path = ['input', 'authorityId'];
      const authority = localId<'organisation'>('Organisation', authorityId, path);
      return new PublishCourse(request, {
        ...input,
        authorityId: authority,
        packages: packagesOf(packages),
      });
    }),
    repriceCourse: act(
      (request, input: OfCourse<{ readonly packages: Packages }>) =>
        new RepriceCourse(request, { ...courseOf(input), packages: packagesOf(input.packages) }),
    ),
    withdrawCourse: act((request, input: OfCourse) => new WithdrawCourse(request, courseOf(input))),
    orderCourse: act((request, input: OfCourse<Ordered>) => {
      const { lessons, studentNo } = input;
      const expectedPrice = readMoney(input.expectedPrice, ['input', 'expectedPrice']);
      return new OrderCourse(request, { ...courseOf(input), lessons, studentNo, expectedPrice });
    }),
  };
}

function timetable(act: Act): Resolvers[string] {
  return {
    scheduleLessons: act((request, input: OfOrder<Series>) => {
      const { firstDate, weekdays, time, except, count } = input;
      const series = { firstDate, weekdays, time, except };
      const counted = count === null || count === undefined ? series : { ...series, count };
      return new ScheduleLessons(request, { ...orderOf(input), ...counted });
    }),
    rescheduleLesson: act((request, input: OfLesson<Moved>) => {
      const { startsAt, minutes } = input;
      const length = minutes === null || minutes === undefined ? {} : { minutes };
      return new RescheduleLesson(request, { ...lessonOf(input), startsAt, ...length });
    }),
    markLessonMissed: act(
      (request, input: OfLesson<{ readonly reason: string }>) =>
        new MarkLessonMissed(request, { ...lessonOf(input), reason: input.reason }),
    ),
    deliverLesson: act((request, input: OfLesson) => new DeliverLesson(request, lessonOf(input))),
    deliverLessons: act((request, { idempotencyKey, lessons }: Keyed<Delivered>) => {
      const delivered = lessons.map(({ orderId, lessonNo }, index) => ({
        orderId: localId<'courseOrder'>('CourseOrder', orderId, [
          'input',
          'lessons',
          String(index),
          'orderId',
        ]),
        lessonNo,
      }));
      return new DeliverLessons(request, { idempotencyKey, lessons: delivered });
    }),
  };
}

function payers(act: Act): Resolvers[string] {
  return {
    confirmLesson: act((request, input: OfLesson) => new ConfirmLesson(request, lessonOf(input))),
    objectToLesson: act(
      (request, input: OfLesson<{ readonly objection: Objection }>) =>
        new ObjectToLesson(request, { ...lessonOf(input), objection: input.objection }),
    ),
    withdrawFromCourse: act(
      (request, input: OfOrder<{ readonly reason: string }>) =>
        new WithdrawFromCourse(request, { ...orderOf(input), reason: input.reason }),
    ),
  };
}

function prices(act: Act): Resolvers[string] {
  return {
    repriceOrder: act((request, input: OfOrder<{ readonly total: MoneyInput; readonly reason: string }>) => {
      const total = readMoney(input.total, ['input', 'total']);
      return new RepriceOrder(request, { ...orderOf(input), total, reason: input.reason });
    }),
    acceptNewPrice: act((request, input: OfOrder<{ readonly expectedTotal: MoneyInput }>) => {
      const expectedTotal = readMoney(input.expectedTotal, ['input', 'expectedTotal']);
      return new AcceptNewPrice(request, { ...orderOf(input), expectedTotal });
    }),
    withdrawNewPrice: act((request, input: OfOrder) => new WithdrawNewPrice(request, orderOf(input))),
  };
}

function packagesOf(packages: Packages) {
  return packages.map(({ lessons, price }, index) => ({
    lessons,
    price: readMoney(price, ['input', 'packages', String(index), 'price']),
  }));
}

function courseOf({ idempotencyKey, courseId }: OfCourse) {
  return { idempotencyKey, courseId: localId<'course'>('Course', courseId, ['input', 'courseId']) };
}

function orderOf({ idempotencyKey, orderId }: OfOrder) {
  return { idempotencyKey, orderId: localId<'courseOrder'>('CourseOrder', orderId, ['input', 'orderId']) };
}

function lessonOf(input: OfLesson) {
  return { ...orderOf(input), lessonNo: input.lessonNo };
}
