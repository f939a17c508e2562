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

// Controls and halves of characters, which XML cannot hold; carriage returns, which it turns into line feeds.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNWRITABLE =
  /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The opposite of `unescapeText`. write-excel-file looks strings up in a plain object and mistakes `constructor` and its
 * like for strings it has seen (4.1.1); those are written with their first character escaped.
 */
export function escapeText(text: string): string {
  const escaped = text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(UNWRITABLE, escapedCharacter);
  return escaped in Object.prototype ? escapedCharacter(escaped[0]!) + escaped.slice(1) : escaped;
}

function escapedCharacter(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
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
