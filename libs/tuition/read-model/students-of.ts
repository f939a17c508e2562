import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { asId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import { StudentsOf, type StudentView } from '../contract/index.js';
import type { StudentRow, TuitionTables } from './tables.js';

const NOTHING: Page<StudentView> = { items: [], hasNextPage: false, totalCount: 0 };

/** In the order of student numbers. `search` is the beginning of a student number or a part of a name. */
@QueryHandler(StudentsOf)
export class StudentsOfHandler implements IQueryHandler<StudentsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({
    context: { caller },
    organisationId,
    search,
    page,
  }: StudentsOf): Promise<Page<StudentView>> {
    if (!actsFor(caller, organisationId, 'bursar')) return NOTHING;
    const own = this.views
      .database<TuitionTables>()
      .selectFrom('tuition_student')
      .where('organisation_id', '=', organisationId)
      .where('tenant', '=', caller.tenant);
    const text = search?.trim().replaceAll(/[\\%_]/g, '\\$&');
    const matching = text
      ? own.where((row) =>
          row.or([
            sql<boolean>`student_no like ${`${text}%`} escape '\\'`,
            sql<boolean>`name like ${`%${text}%`} escape '\\'`,
          ]),
        )
      : own;
    let rows = matching
      .selectAll()
      .orderBy('student_no')
      .orderBy('id')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [studentNo, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('student_no', '>', studentNo),
          row.and([row('student_no', '=', studentNo), row('id', '>', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const { count } = await matching
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.student_no, row.id), item: studentViewOf(row) })),
      hasNextPage: found.length > page.first,
      totalCount: Number(count),
    };
  }
}

function studentViewOf(row: StudentRow): StudentView {
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    studentNo: row.student_no,
    name: row.name,
    grade: row.grade,
    className: row.class_name,
  };
}
