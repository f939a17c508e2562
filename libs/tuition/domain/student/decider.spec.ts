import { describe, it } from '@jest/globals';
import type { OrganisationId, StudentId, TenantId } from '#libs/kernel/ids/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { studentDecider, type EnrolStudent, type StudentDetails, type StudentEvent } from './index.js';

const place = {
  studentId: '7d2f0b1e-93a5-8c44-a6b2-1e0d9c8b7a65' as StudentId,
  tenant: 'demo' as TenantId,
  organisationId: 'school-1' as OrganisationId,
  studentNo: '2026000001',
};
const { studentId } = place;
const full: StudentDetails = {
  name: '学生0001',
  idNumber: '110101201001010010',
  phone: '10000000001',
  grade: '高一',
  className: '高一1班',
  major: '普通',
};
const erased: StudentDetails = { ...full, name: null, idNumber: null, phone: null };
const enrolled = (details = full): StudentEvent => ({
  type: 'StudentEnrolled',
  data: { ...place, ...details },
});
const amended = (details: StudentDetails): StudentEvent => ({
  type: 'StudentDetailsAmended',
  data: { studentId, ...details },
});
const enrol = (told: EnrolStudent['told']): EnrolStudent => ({ kind: 'enrol', ...place, told });
const student = spec(studentDecider);

describe('student', () => {
  it('is enrolled with what the roster tells', () => {
    const told = { ...full, name: '学生0001', idNumber: '110101201001010010', phone: '10000000001' };
    student
      .given([])
      .when(enrol(told))
      .then([enrolled()])
      .andState({ status: 'enrolled', ...place, details: full });
    const bare = { name: '学生0001', idNumber: null, phone: null, grade: '', className: '', major: '' };
    student
      .given([])
      .when(enrol({ name: '学生0001' }))
      .then([enrolled(bare)]);
  });

  it('is amended by what is told anew; what is left out stays', () => {
    student
      .given([enrolled()])
      .when(enrol({ name: '学生0001' }))
      .then([]);
    student
      .given([enrolled()])
      .when(enrol({ name: '学生0001', grade: '高一' }))
      .then([]);
    const moved = { ...full, className: '高一2班' };
    student
      .given([enrolled()])
      .when(enrol({ name: '学生0001', className: '高一2班' }))
      .then([amended(moved)])
      .andState({ status: 'enrolled', ...place, details: moved });
    student
      .given([enrolled(), amended(moved)])
      .when(enrol({ name: '学生0001', className: '高一2班' }))
      .then([]);
  });

  it('stays erased, but still moves to another class', () => {
    const told = { name: '学生0001', idNumber: '110101201001010010', phone: '10000000001' };
    student
      .given([enrolled(erased)])
      .when(enrol(told))
      .then([]);
    student
      .given([enrolled(erased)])
      .when(enrol({ ...told, className: '高一2班' }))
      .then([amended({ ...erased, className: '高一2班' })]);
  });

  it('has no other history', () => {
    student.given([enrolled(), enrolled()]).thenImpossible();
    student.given([amended(full)]).thenImpossible();
  });
});
