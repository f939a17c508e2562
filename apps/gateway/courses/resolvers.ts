import { type Resolvers, connectionOf, globalId, localId, readPage } from '#libs/graphql/index.js';
import {
  CourseById,
  CourseOrderById,
  type CourseOrderStatus,
  CourseOrdersOf,
  type CourseOrderView,
  type CourseView,
  CoursesOf,
  type LessonDelivery,
  LessonsOf,
} from '#libs/tuition/contract/courses.js';
import type { GatewayContext } from '../context.js';
import { translate } from '../i18n/index.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { courseMutations } from './mutations.js';

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
}

interface FilterInput {
  readonly organisationId?: string | null;
  readonly courseId?: string | null;
  readonly studentNo?: string | null;
  readonly statuses?: readonly CourseOrderStatus[] | null;
}

/** Prepaid courses; their money is shown by the contracts behind them. */
export function courseResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: courseQueries(queries),
    Mutation: courseMutations(commands),
    Course: {
      id: (source: CourseView) => globalId('Course', source.id),
      organisation: organisationField(queries),
      authorityId: (source: CourseView) => globalId('Organisation', source.authorityId),
    },
    CourseOrder: {
      id: (source: CourseOrderView) => globalId('CourseOrder', source.id),
      contractId: (source: CourseOrderView) => globalId('Contract', source.contractId),
      courseId: (source: CourseOrderView) => globalId('Course', source.courseId),
      organisation: organisationField(queries),
      timetable: (source: CourseOrderView, _args: unknown, { request }: GatewayContext) =>
        queries.execute(new LessonsOf(request, source.id)),
    },
    LessonDelivery: {
      orderId: ({ orderId }: LessonDelivery) => globalId('CourseOrder', orderId),
      order: ({ outcome }: LessonDelivery) => (outcome.accepted ? outcome.value : undefined),
      refusal: ({ outcome }: LessonDelivery, _args: unknown, { language }: GatewayContext) => {
        if (outcome.accepted) return undefined;
        const { code, message } = outcome.rejection;
        return { code, message: translate(language, { key: code, fallback: message }) };
      },
    },
  };
}

function courseQueries(queries: Queries): Resolvers[string] {
  return {
    courses: async (
      _source: unknown,
      args: PageArgs & { readonly organisationId: string },
      { request }: GatewayContext,
    ) => {
      const page = readPage(args);
      const organisationId = localId<'organisation'>('Organisation', args.organisationId, ['organisationId']);
      return connectionOf(await queries.execute(new CoursesOf(request, organisationId, page)), page);
    },
    course: (_source: unknown, { id }: { readonly id: string }, { request }: GatewayContext) =>
      queries.execute(new CourseById(request, localId<'course'>('Course', id, ['id']))),
    courseOrders: async (
      _source: unknown,
      args: PageArgs & { readonly filter?: FilterInput | null },
      { request }: GatewayContext,
    ) => {
      const page = readPage(args);
      const filter = filterOf(args.filter ?? {});
      return connectionOf(await queries.execute(new CourseOrdersOf(request, filter, page)), page);
    },
    courseOrder: (_source: unknown, { id }: { readonly id: string }, { request }: GatewayContext) =>
      queries.execute(new CourseOrderById(request, localId<'courseOrder'>('CourseOrder', id, ['id']))),
  };
}

function filterOf({ organisationId, courseId, studentNo, statuses }: FilterInput): CourseOrdersOf['filter'] {
  const path = (name: string): readonly string[] => ['filter', name];
  return {
    ...(organisationId && {
      organisationId: localId<'organisation'>('Organisation', organisationId, path('organisationId')),
    }),
    ...(courseId && { courseId: localId<'course'>('Course', courseId, path('courseId')) }),
    ...(studentNo && { studentNo }),
    ...(statuses && { statuses }),
  };
}
