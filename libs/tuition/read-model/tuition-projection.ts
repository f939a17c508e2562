import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import { encodeMoney } from '#libs/event-log/codec/money.js';
import { privacyEvents } from '#libs/security/privacy/index.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import { importEvents, studentEvents } from '../codec/index.js';
import type { ImportState } from '../contract/index.js';
import type { ImportStarted, PreviewFigures } from '../domain/roster-import/index.js';
import type { StudentDetails, StudentEnrolled } from '../domain/student/index.js';
import { importTable, studentTable } from './tables.js';

/** Students and imports as rows. Identity and phone numbers are shown nowhere, so they are in no view. */
export const tuitionProjection: Projection = defineProjection({
  name: 'tuition',
  version: 1,
  tables: [importTable, studentTable],
  parts: [
    on(studentEvents, {
      StudentEnrolled: putStudent,
      StudentDetailsAmended: ({ studentId, ...details }, view) =>
        view.patch('tuition_student', { id: studentId }, detailColumns(details)),
    }),
    on(importEvents, {
      ImportStarted: putImport,
      ImportCheckBegun: ({ importId }, view) => patchImport(view, importId, { processed: 0, total: 0 }),
      ImportProgressed: ({ importId, processed, total }, view) =>
        patchImport(view, importId, { processed, total }),
      ImportChecked: ({ importId, preview, notes }, view) =>
        patchImport(view, importId, {
          ...stateIs('CHECKED', preview.rows),
          preview: JSON.stringify(storedPreview(preview)),
          notes: JSON.stringify(notes),
        }),
      ImportFailed: ({ importId, code, message }, view) =>
        patchImport(view, importId, { ...stateIs('FAILED', 0), failure: JSON.stringify({ code, message }) }),
      ImportPublishRequested: ({ importId }, view) =>
        patchImport(view, importId, { state: 'PUBLISHING' satisfies ImportState, processed: 0, total: 0 }),
      ImportPublished: ({ importId, figures, publishedAt }, view) => {
        const rows = figures.issued + figures.amended + figures.unchanged + figures.refused;
        const set = {
          ...stateIs('PUBLISHED', rows),
          result: JSON.stringify(figures),
          published_at: publishedAt,
        };
        patchImport(view, importId, set);
      },
      ImportCancelled: ({ importId }, view) => patchImport(view, importId, stateIs('CANCELLED', 0)),
      ImportDataErased: ({ importId, erased }, view) => patchImport(view, importId, { erased }),
    }),
    on(privacyEvents, {
      PersonalDataErased: ({ subjectId }, view) =>
        view.patch('tuition_student', { id: subjectId }, { name: null }),
    }),
  ],
});

function putStudent(data: StudentEnrolled['data'], view: ViewWriter): void {
  view.put('tuition_student', {
    id: data.studentId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    student_no: data.studentNo,
    ...detailColumns(data),
  });
}

function detailColumns({ name, grade, className, major }: StudentDetails): ViewRow {
  return { name, grade, class_name: className, major };
}

function putImport(data: ImportStarted['data'], view: ViewWriter): void {
  view.put('tuition_import', {
    id: data.importId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    file_name: data.fileName,
    state: 'CHECKING' satisfies ImportState,
    error_policy: data.errorPolicy,
    started_at: data.startedAt,
    processed: 0,
    total: 0,
    preview: null,
    notes: null,
    result: null,
    failure: null,
    published_at: null,
    erased: 'nothing',
  });
}

function patchImport(view: ViewWriter, importId: string, set: ViewRow): void {
  view.patch('tuition_import', { id: importId }, set);
}

function stateIs(state: ImportState, rows: number): ViewRow {
  return { state, processed: rows, total: rows };
}

function storedPreview({ amountAdded, ...counts }: PreviewFigures) {
  return { ...counts, amountAdded: encodeMoney(amountAdded) };
}
