import { describe, expect, it } from '@jest/globals';
import { FAULT_CODES } from '../../domain/roster/faults.js';
import { sentenceOf } from './index.js';

const REFUSALS = [
  'SPREADSHEET_UNREADABLE',
  'SPREADSHEET_OLD_OR_ENCRYPTED',
  'SPREADSHEET_TOO_LARGE',
  'SPREADSHEET_BOMB',
  'SPREADSHEET_DTD',
  'SPREADSHEET_ENCODING_UNKNOWN',
  'SPREADSHEET_EMPTY',
  'IMPORT_HEADER_MISSING',
  'IMPORT_HEADER_REPEATED',
  'IMPORT_EMPTY',
  'IMPORT_UPLOAD_GONE',
  'IMPORT_CHECK_KEEPS_BREAKING',
];
const NOTES = [
  'COLUMNS_IGNORED',
  'RESULT_COLUMNS_IGNORED',
  'HIDDEN_SHEETS_IGNORED',
  'OTHER_SHEETS_IGNORED',
  'CHECK_DIGITS_WRONG',
  'NAMES_CHANGED',
  'CORRECTION_FILE',
];

describe('sentences', () => {
  it('exist for every code in both languages', () => {
    for (const code of [...FAULT_CODES, ...REFUSALS, ...NOTES]) {
      for (const language of ['zh-CN', 'en-US'] as const) {
        expect([code, sentenceOf(code, {}, language)]).not.toEqual([code, code]);
      }
    }
  });

  it('are filled in', () => {
    expect(sentenceOf('IMPORT_DUPLICATE_ROW', { row: '7' }, 'zh-CN')).toBe(
      '与第7行的学号、收费项目、年度和学期相同',
    );
    expect(sentenceOf('IMPORT_HEADER_MISSING', { columns: '$&' })).toBe('the header lacks: $&');
    expect(sentenceOf('NO_SUCH_CODE')).toBe('NO_SUCH_CODE');
  });
});
