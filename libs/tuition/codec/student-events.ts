import { defineEvents } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, StudentId, TenantId } from '#libs/kernel/ids/index.js';
import type { StudentDetails, StudentEvent } from '../domain/student/index.js';

/** How the events of a student are stored: schemas/events/tuition. Name, identity number and phone are sealed per student. */
export const studentEvents = defineEvents<StudentEvent>('tuition', {
  StudentEnrolled: {
    version: 1,
    encode: (data) => ({
      studentId: data.studentId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      studentNo: data.studentNo,
      ...encodeDetails(data),
    }),
    decode: (json) => ({
      studentId: json['studentId'] as StudentId,
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      studentNo: json['studentNo'] as string,
      ...decodeDetails(json),
    }),
  },
  StudentDetailsAmended: {
    version: 1,
    encode: (data) => ({ studentId: data.studentId, ...encodeDetails(data) }),
    decode: (json) => ({ studentId: json['studentId'] as StudentId, ...decodeDetails(json) }),
  },
});

function encodeDetails({ name, idNumber, phone, grade, className, major }: StudentDetails) {
  return { name, idNumber, phone, grade, className, major };
}

/** What was sealed reads as null once the student's key is destroyed. */
function decodeDetails(json: JsonObject): StudentDetails {
  return {
    name: json['name'] as string | null,
    idNumber: json['idNumber'] as string | null,
    phone: json['phone'] as string | null,
    grade: json['grade'] as string,
    className: json['className'] as string,
    major: json['major'] as string,
  };
}
