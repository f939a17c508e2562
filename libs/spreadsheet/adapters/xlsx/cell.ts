import { SpreadsheetRefused, type Cell } from '#libs/spreadsheet/port/index.js';
import { unescapeText } from './strings.js';

/** A `<c>` element as it stands. */
export interface CellParts {
  /** `t`: how the value is to be read; absent means a number. */
  readonly type: string | undefined;
  /** `s`: index of the cell style. */
  readonly style: string | undefined;
  value?: string;
  formula?: string;
  inline?: string;
}

export interface CellSetting {
  readonly sharedStrings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly epoch1904: boolean;
}

const MAX_FORMULA_CHARACTERS = 100;
const MS_PER_DAY = 86_400_000;
/** 9999-12-31 in the 1900 system. */
const LAST_SERIAL = 2_958_465;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** @throws SpreadsheetRefused when the cell cannot have been written by a spreadsheet program */
export function cellOf(parts: CellParts, setting: CellSetting): Cell {
  if (parts.formula !== undefined) {
    return { kind: 'formula', text: `=${parts.formula}`.slice(0, MAX_FORMULA_CHARACTERS) };
  }
  const value = parts.value;
  switch (parts.type) {
    case 's':
      return sharedString(value, setting);
    case 'inlineStr':
      return unescapeText(parts.inline ?? '');
    case 'str':
      return unescapeText(value ?? '');
    case 'b':
      return value === undefined ? '' : { kind: 'boolean', text: value === '1' ? 'TRUE' : 'FALSE' };
    case 'e':
      return { kind: 'error', text: value ?? '#N/A' };
    case 'd':
      return value === undefined ? '' : isoDate(value);
    case 'n':
    case undefined:
      return value === undefined || value === '' ? '' : number(value, parts.style, setting);
    default:
      throw unknown();
  }
}

function sharedString(value: string | undefined, setting: CellSetting): Cell {
  const text = value === undefined ? undefined : setting.sharedStrings[Number(value)];
  if (text === undefined) throw unknown();
  return text;
}

function number(value: string, style: string | undefined, setting: CellSetting): Cell {
  const text = value.trim();
  if (!NUMBER.test(text)) throw unknown();
  if (style === undefined || setting.dateStyles[Number(style)] !== true) return { kind: 'number', text };
  return dateOfSerial(Number(text), setting.epoch1904);
}

/**
 * Days since 1899-12-31, where 1900 is taken for a leap year (day 60 is 1900-02-29, which never was), or since
 * 1904-01-01.
 */
export function dateOfSerial(serial: number, epoch1904: boolean): Cell {
  const day = Math.floor(serial);
  const nowhere = epoch1904 ? day < 0 : day < 1 || day === 60;
  if (nowhere || !(day <= LAST_SERIAL)) return { kind: 'error', text: '#DATE!' };
  const epoch = epoch1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  return { kind: 'date', text: new Date(epoch + day * MS_PER_DAY).toISOString().slice(0, 10) };
}

function isoDate(value: string): Cell {
  const ms = Date.parse(value);
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(ms)) return { kind: 'error', text: '#DATE!' };
  return { kind: 'date', text: value.slice(0, 10) };
}

function unknown(): SpreadsheetRefused {
  return new SpreadsheetRefused(
    'SPREADSHEET_UNREADABLE',
    'The workbook is damaged: a cell has no valid value.',
  );
}
