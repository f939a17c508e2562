import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';
import type { XlsxLimits } from './limits.js';
import { openingTags, textOf, type Parts } from './parts.js';
import { attribute, XmlTokenizer } from './xml.js';

/** Rows and columns from 1, both ends included; the top left cell holds the value. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

const END_OF_ROWS = /<\/(?:[\w-]+:)?sheetData\s*>|<(?:[\w-]+:)?sheetData\s*\/>/;
const OVERLAP_CHARACTERS = 64;
/** Columns beyond are refused when they hold anything. */
const MAX_COVERED = 256;
const NONE: readonly number[] = [];
const REFERENCE = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?$/;

/**
 * Merged cells are listed behind the rows, so a first pass skips the rows and reads only what follows.
 *
 * @returns sorted by their top row
 */
export async function readMerges(
  parts: Parts,
  sheetPart: string,
  limits: XlsxLimits,
): Promise<readonly Merge[]> {
  const merges: Merge[] = [];
  const xml = new XmlTokenizer(
    openingTags((element, tag) => {
      if (element !== 'mergeCell') return;
      if (merges.length >= limits.maxMerges) {
        throw new SpreadsheetRefused('SPREADSHEET_TOO_LARGE', 'The sheet has too many merged cells.');
      }
      merges.push(mergeOf(attribute(tag, 'ref') ?? ''));
    }),
  );
  let behindRows = false;
  let tail = '';
  for await (const text of textOf(parts, sheetPart)) {
    if (behindRows) {
      xml.push(text);
      continue;
    }
    const joined = tail + text;
    const match = END_OF_ROWS.exec(joined);
    if (match) {
      behindRows = true;
      // The rest lacks the opening tag of its root element; any will do.
      const rest = joined.slice(match.index + match[0].length);
      xml.push(`<${rootOf(match[0])}worksheet>${rest}`);
    }
    tail = joined.slice(-OVERLAP_CHARACTERS);
  }
  return merges.filter(({ left }) => left <= MAX_COVERED).toSorted((a, b) => a.top - b.top);
}

function rootOf(tag: string): string {
  const prefix = /([\w-]+:)sheetData/.exec(tag);
  return prefix ? prefix[1]! : '';
}

function mergeOf(reference: string): Merge {
  const match = REFERENCE.exec(reference);
  if (!match) throw new SpreadsheetRefused('SPREADSHEET_UNREADABLE', 'A merged cell has no valid range.');
  const [left, top] = [columnNumber(match[1]!), Number(match[2])];
  return { top, left, bottom: Number(match[4] ?? top), right: match[3] ? columnNumber(match[3]) : left };
}

/** `A` is 1, `XFD` 16,384. */
export function columnNumber(letters: string): number {
  let number = 0;
  for (let index = 0; index < letters.length; index += 1)
    number = number * 26 + letters.charCodeAt(index) - 64;
  return number;
}

/** Answers row by row, in order, which columns a merge covers. Holds only the merges that reach the row. */
export class CoveredCells {
  private next = 0;
  private active: Merge[] = [];

  constructor(private readonly merges: readonly Merge[]) {}

  /** Column numbers covered in this row, the holders of values left out. Rows must be asked for in ascending order. */
  inRow(row: number): readonly number[] {
    if (this.next >= this.merges.length && this.active.length === 0) return NONE;
    while (this.next < this.merges.length && this.merges[this.next]!.top <= row)
      this.active.push(this.merges[this.next++]!);
    this.active = this.active.filter(({ bottom }) => bottom >= row);
    const covered: number[] = [];
    for (const { top, left, right } of this.active) {
      for (let column = left; column <= Math.min(right, MAX_COVERED); column += 1) {
        if (column !== left || row !== top) covered.push(column);
      }
      // Ten thousand merges over a million rows would cost hours; merges that don't overlap never cover a cell twice.
      if (covered.length > MAX_COVERED) {
        throw new SpreadsheetRefused(
          'SPREADSHEET_UNREADABLE',
          'The workbook is damaged: merged cells overlap.',
        );
      }
    }
    return covered;
  }
}
