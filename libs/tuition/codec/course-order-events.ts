import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CourseId, PackageSize } from '../domain/course/index.js';
import type {
  CloseReason,
  CourseOrderEvent,
  CourseOrderId,
  LessonKey,
  LessonTime,
  OrderFacts,
} from '../domain/course-order/index.js';

/** How the events of a course order are stored: schemas/events/tuition. The payer is an account id, the student a number. */
export const courseOrderEvents = defineEvents<CourseOrderEvent>('tuition', {
  CourseOrdered: {
    version: 1,
    encode: ({ asset, total, lessonKeys, ...facts }) => ({
      ...facts,
      total: { asset, amount: total.toString() },
      lessonKeys: lessonKeys.map(({ keyId, alg, publicKey }) => ({ keyId, alg, publicKey })),
    }),
    decode: decodeFacts,
  },
  LessonScheduled: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({ ...placeOf(json), ...timeOf(json) }),
  },
  LessonRescheduled: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      ...timeOf(json),
      wasAt: json['wasAt'] as Instant,
      madeUp: json['madeUp'] as boolean,
    }),
  },
  LessonMissed: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      lessonNo: json['lessonNo'] as number,
      reason: json['reason'] as string,
    }),
  },
  LessonDelivered: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      ...timeOf(json),
      attempt: json['attempt'] as number,
      deliveredBy: json['deliveredBy'] as string,
    }),
  },
  LessonDeliveryRefused: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      lessonNo: json['lessonNo'] as number,
      code: json['code'] as string,
    }),
  },
  OrderWithdrawn: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      reason: json['reason'] as string,
      attempt: json['attempt'] as number,
    }),
  },
  OrderWithdrawalRefused: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({ ...placeOf(json), code: json['code'] as string }),
  },
  OrderPriceProposed: {
    version: 1,
    encode: ({ asset, total, ...data }) => ({ ...data, total: { asset, amount: total.toString() } }),
    decode: (json) => ({
      ...placeOf(json),
      amendmentId: json['amendmentId'] as string,
      ...totalOf(json['total']),
      reason: json['reason'] as string,
      proposedBy: json['proposedBy'] as string,
    }),
  },
  OrderPriceDropped: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      amendmentId: json['amendmentId'] as string,
      code: json['code'] as string,
    }),
  },
  OrderRepriced: {
    version: 1,
    encode: ({ asset, total, ...data }) => ({ ...data, total: { asset, amount: total.toString() } }),
    decode: (json) => ({
      ...placeOf(json),
      amendmentId: json['amendmentId'] as string,
      ...totalOf(json['total']),
    }),
  },
  OrderClosed: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      ...placeOf(json),
      reason: json['reason'] as CloseReason,
      code: json['code'] as string | null,
    }),
  },
});

function decodeFacts(json: JsonObject): OrderFacts {
  return {
    orderId: json['orderId'] as CourseOrderId,
    contractId: json['contractId'] as ContractId,
    tenant: json['tenant'] as TenantId,
    organisationId: json['organisationId'] as OrganisationId,
    authorityId: json['authorityId'] as OrganisationId,
    courseId: json['courseId'] as CourseId,
    courseName: json['courseName'] as string,
    lessons: json['lessons'] as PackageSize,
    lessonMinutes: json['lessonMinutes'] as number,
    ...totalOf(json['total']),
    account: json['account'] as string,
    studentNo: json['studentNo'] as string,
    offeredBy: json['offeredBy'] as string,
    region: json['region'] as string,
    fundBy: json['fundBy'] as Instant,
    endsAt: json['endsAt'] as Instant,
    lessonKeys: json['lessonKeys'] as unknown as readonly LessonKey[],
    orderedAt: json['orderedAt'] as Instant,
  };
}

function placeOf(json: JsonObject): { readonly orderId: CourseOrderId; readonly at: Instant } {
  return { orderId: json['orderId'] as CourseOrderId, at: json['at'] as Instant };
}

function timeOf(json: JsonObject): LessonTime {
  return {
    lessonNo: json['lessonNo'] as number,
    startsAt: json['startsAt'] as Instant,
    minutes: json['minutes'] as number,
  };
}

function totalOf(json: Json | undefined): { readonly asset: Asset; readonly total: bigint } {
  const { asset, amount } = json as { readonly asset: Asset; readonly amount: string };
  return { asset, total: BigInt(amount) };
}
