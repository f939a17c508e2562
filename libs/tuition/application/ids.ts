import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/index.js';
import type { ImportId, OrganisationId, StudentId, SubjectId, TenantId } from '#libs/kernel/ids/index.js';

/** The same student number of the same organisation is the same student, whoever hands it in and however often. */
export function studentIdFor(organisationId: OrganisationId, studentNo: string): StudentId {
  return deriveUuid(UUID_NAMESPACES.entity, 'student', organisationId, studentNo) as StudentId;
}

/** The same key of the same organisation is the same import. */
export function importIdFor(
  tenant: TenantId,
  organisationId: OrganisationId,
  idempotencyKey: string,
): ImportId {
  return deriveUuid(UUID_NAMESPACES.entity, 'import', tenant, organisationId, idempotencyKey) as ImportId;
}

/** A student's personal data is protected by the key of this subject, in tuition and in billing alike. */
export function subjectOfStudent(studentId: StudentId): SubjectId {
  return studentId as string as SubjectId;
}

/** An import's working data is sealed with a key of its own, destroyed with the data. */
export function subjectOfImport(importId: ImportId): SubjectId {
  return `import-${importId}` as SubjectId;
}

export function commandIdFor(...names: readonly string[]): string {
  return deriveUuid(UUID_NAMESPACES.command, ...names);
}
