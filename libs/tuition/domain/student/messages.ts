import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId, StudentId, TenantId } from '#libs/kernel/ids/index.js';

/** Personal data is null when it is not known, and once it has been erased; a name is null only once erased. */
export interface StudentDetails {
  readonly name: string | null;
  readonly idNumber: string | null;
  readonly phone: string | null;
  readonly grade: string;
  readonly className: string;
  readonly major: string;
}

/** What a roster row tells of a student; what it leaves out stays as it is. */
export interface StudentTold {
  readonly name: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly grade?: string;
  readonly className?: string;
  readonly major?: string;
}

/** Enrols the student, or puts the details right; what is already so says nothing. */
export interface EnrolStudent {
  readonly kind: 'enrol';
  readonly studentId: StudentId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  /** Unique within the organisation: the student's id derives from it. */
  readonly studentNo: string;
  readonly told: StudentTold;
}

export type StudentCommand = EnrolStudent;

export type StudentEnrolled = DomainEvent<
  'StudentEnrolled',
  {
    readonly studentId: StudentId;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly studentNo: string;
  } & StudentDetails
>;

/** All details as they now stand. */
export type StudentDetailsAmended = DomainEvent<
  'StudentDetailsAmended',
  { readonly studentId: StudentId } & StudentDetails
>;

export type StudentEvent = StudentEnrolled | StudentDetailsAmended;

export type StudentRefusal = Rejection<never>;
