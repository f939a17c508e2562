import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId, isUuid } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { CourseById, CoursesOf, type CourseView } from '../contract/courses.js';
import type { CourseRow, CourseTables } from './course-tables.js';

/** Newest first. What is on offer is for everybody of the tenant; what was withdrawn for those who may read the school's figures. */
@QueryHandler(CoursesOf)
export class CoursesOfHandler implements IQueryHandler<CoursesOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, organisationId, page }: CoursesOf): Promise<Page<CourseView>> {
    let rows = this.views
      .database<CourseTables>()
      .selectFrom('course')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant)
      .orderBy('published_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (!mayReadOrganisation(caller, organisationId)) rows = rows.where('status', '=', 'PUBLISHED');
    if (page.after !== undefined) {
      const [publishedAt, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('published_at', '<', publishedAt),
          row.and([row('published_at', '=', publishedAt), row('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.published_at, row.id), item: courseOf(row) })),
      hasNextPage: found.length > page.first,
    };
  }
}

@QueryHandler(CourseById)
export class CourseByIdHandler implements IQueryHandler<CourseById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: CourseById): Promise<CourseView | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.views
      .database<CourseTables>()
      .selectFrom('course')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row) return undefined;
    const isOpen = row.status === 'PUBLISHED' || mayReadOrganisation(caller, asId(row.organisation_id));
    return isOpen ? courseOf(row) : undefined;
  }
}

function courseOf(row: CourseRow): CourseView {
  const packages = JSON.parse(row.packages) as readonly {
    readonly lessons: number;
    readonly price: string;
  }[];
  const asset = row.asset as Asset;
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    status: row.status as CourseView['status'],
    name: row.name,
    subject: row.subject,
    lessonMinutes: row.lesson_minutes,
    packages: packages.map(({ lessons, price }) => ({ lessons, price: money(asset, BigInt(price)) })),
    authorityId: asId(row.authority_id),
    region: row.region,
    validDays: row.valid_days,
  };
}
