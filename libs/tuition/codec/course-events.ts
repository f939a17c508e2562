import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CourseEvent, CourseId, LessonPackage, PackageSize } from '../domain/course/index.js';

/** How the events of a course on offer are stored: schemas/events/tuition. */
export const courseEvents = defineEvents<CourseEvent>('tuition', {
  CoursePublished: {
    version: 1,
    encode: ({ asset, packages, ...data }) => ({ ...data, packages: encodePackages(asset, packages) }),
    decode: (json) => ({
      courseId: courseIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      name: json['name'] as string,
      subject: json['subject'] as string,
      lessonMinutes: json['lessonMinutes'] as number,
      ...decodePackages(json['packages']),
      authorityId: json['authorityId'] as OrganisationId,
      region: json['region'] as string,
      validDays: json['validDays'] as number,
      publishedBy: json['publishedBy'] as string,
      publishedAt: json['publishedAt'] as Instant,
    }),
  },
  CourseRepriced: {
    version: 1,
    encode: ({ asset, packages, ...data }) => ({ ...data, packages: encodePackages(asset, packages) }),
    decode: (json) => ({
      courseId: courseIdOf(json),
      ...decodePackages(json['packages']),
      repricedBy: json['repricedBy'] as string,
      repricedAt: json['repricedAt'] as Instant,
    }),
  },
  CourseWithdrawn: {
    version: 1,
    encode: (data) => ({ ...data }),
    decode: (json) => ({
      courseId: courseIdOf(json),
      withdrawnBy: json['withdrawnBy'] as string,
      withdrawnAt: json['withdrawnAt'] as Instant,
    }),
  },
});

function courseIdOf(json: JsonObject): CourseId {
  return json['courseId'] as CourseId;
}

function encodePackages(asset: Asset, packages: readonly LessonPackage[]): Json {
  return packages.map(({ lessons, price }) => ({ lessons, price: { asset, amount: price.toString() } }));
}

/** All packages of a course are of one asset, and there is at least one. */
function decodePackages(json: Json | undefined): {
  readonly asset: Asset;
  readonly packages: readonly LessonPackage[];
} {
  const stored = json as readonly {
    readonly lessons: PackageSize;
    readonly price: { readonly asset: Asset; readonly amount: string };
  }[];
  return {
    asset: stored[0]!.price.asset,
    packages: stored.map(({ lessons, price }) => ({ lessons, price: BigInt(price.amount) })),
  };
}
