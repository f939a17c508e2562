import { CNY, parseDecimal } from '#libs/kernel/money/index.js';
import { parseLocalDate, type LocalDate } from '#libs/kernel/time/index.js';
import type { FaultCode } from './faults.js';

/** A field read, or why not. */
export type Read<Value> = { readonly value: Value } | { readonly code: FaultCode };

/** 100 million yuan: no fee of one student comes near, a slipped decimal point does. */
export const MAX_AMOUNT_FEN = 100_000_000_00n;

const STUDENT_NO = /^[0-9A-Za-z](?:[0-9A-Za-z._/-]{0,30}[0-9A-Za-z])?$/;
const RESIDENT_ID = /^[1-9]\d{16}[\dX]$/;
/** Mobile numbers with or without +86; fixed lines with area code. */
const PHONE = /^(?:(?:\+?86-?)?1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?)$/;
const DATE =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;

/** Exactly the decimals of the money input contract; nothing is guessed, not even a blank. */
export function readAmount(text: string): Read<bigint> {
  if (/^-\d{1,15}(?:\.\d{1,2})?$/.test(text)) return { code: 'IMPORT_AMOUNT_NEGATIVE' };
  if (!/^\d{1,15}(?:\.\d{1,2})?$/.test(text)) {
    return {
      code: /^\d{16,}(?:\.\d{1,2})?$/.test(text) ? 'IMPORT_AMOUNT_TOO_LARGE' : 'IMPORT_AMOUNT_INVALID',
    };
  }
  const { amount } = parseDecimal(text, CNY);
  return amount > MAX_AMOUNT_FEN ? { code: 'IMPORT_AMOUNT_TOO_LARGE' } : { value: amount };
}

/** `2026-09-30`, `2026/9/30`, `2026.9.30`, `2026年9月30日`, `20260930`; the day must exist. */
export function readDate(text: string): Read<LocalDate> {
  const match = DATE.exec(text);
  if (!match) return { code: 'IMPORT_DATE_INVALID' };
  const [year, ...rest] = match.slice(1).filter((part) => part !== undefined);
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return { code: 'IMPORT_DATE_INVALID' };
  try {
    return { value: parseLocalDate([year, ...rest.map((part) => part.padStart(2, '0'))].join('-')) };
  } catch {
    return { code: 'IMPORT_DATE_INVALID' };
  }
}

/** `2026` stays as it is; `2026-2027`, also with `/`, `—` or 学年 behind it, becomes `2026-2027`. */
export function readAcademicYear(text: string): Read<string> {
  const match = /^(\d{4})(?:(?:-|\/|—|–|~|至)(\d{4}))?(?:学年度?|年度?)?$/.exec(text.replaceAll(/\s/g, ''));
  if (!match) return { code: 'IMPORT_ACADEMIC_YEAR_INVALID' };
  const [first, last] = [Number(match[1]), match[2] === undefined ? undefined : Number(match[2])];
  if (first < FIRST_YEAR || first > LAST_YEAR) return { code: 'IMPORT_ACADEMIC_YEAR_INVALID' };
  if (last === undefined) return { value: match[1]! };
  return last === first + 1 ? { value: `${first}-${last}` } : { code: 'IMPORT_ACADEMIC_YEAR_INVALID' };
}

const TERMS: Readonly<Record<string, string>> = {
  '1': '1',
  第一学期: '1',
  第1学期: '1',
  '2': '2',
  第二学期: '2',
  第2学期: '2',
  '3': '3',
  第三学期: '3',
  第3学期: '3',
};

/** The first, second and third term by number or word; other names of a school's own (上学期, 秋季) stay as they are. */
export function readTerm(text: string): Read<string> {
  const known = TERMS[text];
  if (known !== undefined) return { value: known };
  return text.length <= 20 ? { value: text } : { code: 'IMPORT_TERM_INVALID' };
}

export function readStudentNo(text: string): Read<string> {
  return STUDENT_NO.test(text) ? { value: text } : { code: 'IMPORT_STUDENT_NO_INVALID' };
}

/**
 * A resident identity number (GB 11643-1999): 18 characters, a birthday that exists. A wrong check digit is reported as a
 * warning and taken: the number identifies nobody here, and old registers carry such numbers.
 */
export function readIdNumber(
  text: string,
): Read<{ readonly idNumber: string; readonly checkDigitRight: boolean }> {
  const idNumber = text.toUpperCase();
  if (!RESIDENT_ID.test(idNumber)) return { code: 'IMPORT_ID_NUMBER_INVALID' };
  const [year, month, day] = [idNumber.slice(6, 10), idNumber.slice(10, 12), idNumber.slice(12, 14)];
  if (Number(year) < 1900) return { code: 'IMPORT_ID_NUMBER_INVALID' };
  try {
    parseLocalDate(`${year}-${month}-${day}`);
  } catch {
    return { code: 'IMPORT_ID_NUMBER_INVALID' };
  }
  return { value: { idNumber, checkDigitRight: checkDigitOf(idNumber) === idNumber[17] } };
}

/** ISO 7064 MOD 11-2 over the first 17 digits. */
export function checkDigitOf(idNumber: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += Number(idNumber[index]) * (2 ** (17 - index) % 11);
  return '10X98765432'[sum % 11]!;
}

export function readPhone(text: string): Read<string> {
  const bare = text.replaceAll(' ', '');
  return PHONE.test(bare) ? { value: bare } : { code: 'IMPORT_PHONE_INVALID' };
}

const NO = new Set(['', '否', '无', 'n', 'no', 'false', '0']);

/** Deferral is not taken in yet; a row that asks for it must not pass as if it had not. */
export function asksForDeferral(text: string): boolean {
  return !NO.has(text.toLowerCase());
}
