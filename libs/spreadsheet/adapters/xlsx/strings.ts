import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';
import type { XlsxLimits } from './limits.js';
import { readPart, type Parts } from './parts.js';
import type { XmlHandler } from './xml.js';

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Text of `<t>` (ECMA-376, ST_Xstring): characters that XML cannot hold are written `_x0009_`. */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(ESCAPED, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/**
 * Controls, halves of characters and noncharacters, which XML cannot hold or write-excel-file leaves out; carriage returns,
 * which XML turns into line feeds.
 */
const UNWRITABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\ufffd]/gu;

/**
 * The opposite of `unescapeText`. write-excel-file looks strings up in a plain object and mistakes `constructor` and its
 * like for strings it has seen (4.1.1); those are written with their first character escaped.
 */
export function escapeText(text: string): string {
  const escaped = text.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replaceAll(UNWRITABLE, escapedUnits);
  return escaped in Object.prototype ? escapedUnit(escaped[0]!) + escaped.slice(1) : escaped;
}

function escapedUnits(character: string): string {
  if (character === '\t' || character === '\n') return character;
  return character.split('').map(escapedUnit).join('');
}

function escapedUnit(unit: string): string {
  return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}

/**
 * The table of shared strings: plain, or rich text whose runs are joined. Phonetic readings (`rPh`) are left out.
 *
 * @throws SpreadsheetRefused `SPREADSHEET_TOO_LARGE` past the limit, since the whole table stays in memory
 */
export async function readSharedStrings(
  parts: Parts,
  name: string,
  limits: XlsxLimits,
): Promise<readonly string[]> {
  if ((parts.entries.get(name)?.inflatedBytes ?? 0) > limits.maxSharedStringsBytes) {
    throw new SpreadsheetRefused(
      'SPREADSHEET_TOO_LARGE',
      'The workbook holds too much different text; save it as .csv.',
    );
  }
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let inPhonetic = false;
  const handler: XmlHandler = {
    get ignoresText() {
      return !inText;
    },
    open(element) {
      if (element === 'si') current = '';
      else if (element === 'rPh') inPhonetic = true;
      else if (element === 't') inText = !inPhonetic;
    },
    close(element) {
      if (element === 't') inText = false;
      else if (element === 'rPh') inPhonetic = false;
      else if (element === 'si') strings.push(detached(unescapeText(current)));
    },
    text(text) {
      current += text;
    },
  };
  await readPart(parts, name, handler);
  return strings;
}

/** A slice of a string keeps the whole of it in memory; a copy does not. V8 slices from 13 characters on. */
function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}
