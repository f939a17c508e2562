import { xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { checkDigitOf } from '#libs/tuition/domain/roster/index.js';

/** The header of 8-formats, as schools write it. */
export const HEADER = [
  '缴费年度',
  '学期',
  '学号',
  '姓名',
  '年级',
  '专业',
  '班级名称',
  '身份证号',
  '收费项目',
  '应缴金额',
  '减免总额',
  '缴费期限',
  '联系电话',
] as const;

const STUDENTS_PER_CLASS = 50;
const CLASSES_PER_GRADE = 8;
const GRADES = ['高一', '高二', '高三'] as const;
const MAJORS = ['普通', '艺术', '体育'] as const;
/** Every 25th student has a waiver of 200.00. */
const WAIVER_EVERY = 25;

/**
 * Row `number` (from 1) of the sample roster, the same on every machine and every day: 学费 of 1,200.00 for the autumn term
 * of 2026-2027. No person stands behind a name, the check digit of every identity number is wrong, no phone begins with 100.
 */
export function rosterRow(number: number): readonly string[] {
  const classNumber = Math.floor((number - 1) / STUDENTS_PER_CLASS);
  const grade = GRADES[Math.floor(classNumber / CLASSES_PER_GRADE) % GRADES.length]!;
  return [
    '2026-2027',
    '1',
    `2026${String(number).padStart(6, '0')}`,
    `学生${String(number).padStart(4, '0')}`,
    grade,
    MAJORS[number % 10 === 0 ? 1 + (Math.floor(number / 10) % 2) : 0]!,
    `${grade}${(classNumber % CLASSES_PER_GRADE) + 1}班`,
    idNumberOf(number),
    '学费',
    '1200.00',
    number % WAIVER_EVERY === 0 ? '200.00' : '0.00',
    '2026-09-30',
    `100${String(number).padStart(8, '0')}`,
  ];
}

/** Well formed, with a birthday, and a check digit that is one off. */
function idNumberOf(number: number): string {
  const day = String((number % 28) + 1).padStart(2, '0');
  const month = String((number % 12) + 1).padStart(2, '0');
  const first = `110101${2008 + (number % 3)}${month}${day}${String(number % 1000).padStart(3, '0')}`;
  const right = checkDigitOf(first);
  return first + (right === 'X' ? '0' : String((Number(right) + 1) % 10));
}

/** Thirteen rows, each wrong in a way of its own. */
export function faultyRows(): readonly { readonly kind: string; readonly row: readonly string[] }[] {
  const changed = (number: number, column: (typeof HEADER)[number], value: string): readonly string[] => {
    const row = [...rosterRow(number)];
    row[HEADER.indexOf(column)] = value;
    return row;
  };
  return [
    { kind: 'IMPORT_VALUE_MISSING', row: changed(1001, '姓名', '') },
    { kind: 'IMPORT_AMOUNT_INVALID', row: changed(1002, '应缴金额', '1e3') },
    { kind: 'IMPORT_AMOUNT_NEGATIVE', row: changed(1003, '应缴金额', '-1200.00') },
    { kind: 'IMPORT_AMOUNT_ZERO', row: changed(1004, '应缴金额', '0.00') },
    { kind: 'IMPORT_WAIVER_EXCEEDS_AMOUNT', row: changed(1005, '减免总额', '1300.00') },
    { kind: 'IMPORT_FEE_ITEM_UNKNOWN', row: changed(1006, '收费项目', '校服费') },
    { kind: 'IMPORT_DATE_INVALID', row: changed(1007, '缴费期限', '2026-02-30') },
    { kind: 'IMPORT_DUPLICATE_ROW', row: rosterRow(1) },
    { kind: 'IMPORT_ID_NUMBER_INVALID', row: changed(1009, '身份证号', '11010120081301') },
    { kind: 'IMPORT_PHONE_INVALID', row: changed(1010, '联系电话', '12345') },
    {
      kind: 'IMPORT_STUDENT_NAME_DIFFERS',
      row: changed(2, '姓名', '学生9999').with(HEADER.indexOf('收费项目'), '书本费'),
    },
    { kind: 'IMPORT_TEXT_FORBIDDEN', row: changed(1012, '姓名', '学生\u202e1012') },
    { kind: 'IMPORT_STUDENT_NO_INVALID', row: changed(1013, '学号', '２０２６００１０１３') },
  ];
}

const WIDTH_CHARACTERS = 14;

/** A workbook of roster rows, every cell text, so that no program cuts an identity number. */
export function rosterWorkbook(rows: readonly (readonly string[])[]): Promise<Uint8Array> {
  const columns = HEADER.map((header) => ({ header, widthCharacters: WIDTH_CHARACTERS }));
  return xlsxWriter.write({ name: '缴费名册', columns, rows });
}

/** No cell of the sample roster needs quotation marks. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

export function rosterCsv(rows: readonly (readonly string[])[], header: readonly string[] = HEADER): Buffer {
  return Buffer.from(csvLine(header) + rows.map(csvLine).join(''));
}
