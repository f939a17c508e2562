import { SpreadsheetRefused, type Sheet } from '#libs/spreadsheet/port/index.js';
import { XLSX_LIMITS, type XlsxLimits } from './limits.js';
import { readMerges } from './merges.js';
import { survey, type Parts } from './parts.js';
import { readRows } from './sheet.js';
import { readSharedStrings } from './strings.js';
import { readWorkbook } from './workbook.js';
import { readDirectory } from './zip.js';

/**
 * Opens a workbook for reading row by row. Holds in memory: the compressed file, the shared strings, one chunk.
 *
 * @throws SpreadsheetRefused
 */
export async function openXlsx(
  content: AsyncIterable<Uint8Array>,
  limits: XlsxLimits = XLSX_LIMITS,
): Promise<Sheet> {
  const file = await collect(content, limits);
  const parts: Parts = { file, entries: readDirectory(file, limits) };
  await survey(parts);
  const workbook = await readWorkbook(parts);
  const { sharedStringsPart: strings, sheetPart } = workbook;
  const setting = {
    ...workbook,
    sharedStrings: strings === undefined ? [] : await readSharedStrings(parts, strings, limits),
    merges: await readMerges(parts, sheetPart, limits),
    limits,
  };
  return { format: 'xlsx', notes: workbook.notes, rows: readRows(parts, sheetPart, setting) };
}

async function collect(content: AsyncIterable<Uint8Array>, limits: XlsxLimits): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    length += chunk.byteLength;
    if (length > limits.maxFileBytes) {
      throw new SpreadsheetRefused(
        'SPREADSHEET_TOO_LARGE',
        `A workbook may have ${limits.maxFileBytes} bytes; save it as .csv.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
