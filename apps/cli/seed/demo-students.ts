import { addDays, type LocalDate } from '#libs/kernel/time/index.js';
import type { DemoSchool } from './demo-schools.js';

export interface DemoStudent {
  readonly studentNo: string;
  readonly name: string;
  readonly grade: string;
  readonly gradeIndex: number;
  readonly className: string;
  /** 18 characters with a wrong check digit: it cannot be anybody's. */
  readonly idNumber: string;
  /** Starts with 100, which no network hands out. */
  readonly phone: string;
}

/** `count` students, spread evenly over grades and classes. */
export function studentsOf(school: DemoSchool, count: number, today: LocalDate): readonly DemoStudent[] {
  const { grades, classesPerGrade, numberPrefix, ageOfFirstGrade } = school;
  return Array.from({ length: count }, (_, index) => {
    const gradeIndex = index % grades.length;
    const grade = grades[gradeIndex] ?? '';
    const classNumber = (Math.floor(index / grades.length) % classesPerGrade) + 1;
    const serial = String(index + 1).padStart(4, '0');
    const birthYear = Number(today.slice(0, 4)) - ageOfFirstGrade - gradeIndex;
    return {
      studentNo: `${numberPrefix}${serial}`,
      name: `学生${serial}`,
      grade,
      gradeIndex,
      className: `${grade}（${classNumber}）班`,
      idNumber: wrongIdNumber(birthYear, index),
      phone: `100${numberPrefix}${serial.padStart(6, '0')}`,
    };
  });
}

/** Region 999999 does not exist, and the check digit (ISO 7064 MOD 11-2) is the one after the right one. */
function wrongIdNumber(birthYear: number, index: number): string {
  const birthday = addDays(`${birthYear}-01-01` as LocalDate, index % 365).replaceAll('-', '');
  const digits = `999999${birthday}${String(index % 1_000).padStart(3, '0')}`;
  const sum = [...digits].reduce((so, digit, at) => so + Number(digit) * (2 ** (17 - at) % 11), 0);
  return digits + '10X98765432'[((sum % 11) + 1) % 11];
}
