import { openXlsx, XLSX_LIMITS, type XlsxLimits } from '#libs/spreadsheet/adapters/xlsx/index.js';
import { SpreadsheetRefused, type SheetNote, type SheetRow } from '#libs/spreadsheet/port/index.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A whole workbook, handed over in pieces; for specs. */
export async function readWorkbookFile(
  file: Uint8Array,
  limits: Partial<XlsxLimits> = {},
): Promise<{ readonly rows: readonly SheetRow[]; readonly notes: readonly SheetNote[] }> {
  const sheet = await openXlsx(pieces(file, 1_000), { ...XLSX_LIMITS, ...limits });
  const rows: SheetRow[] = [];
  for await (const batch of sheet.rows) rows.push(...batch);
  return { rows, notes: sheet.notes };
}

/** The code of the refusal, or `none`; any other failure is thrown. */
export async function refusalOf(file: Uint8Array, limits: Partial<XlsxLimits> = {}): Promise<string> {
  try {
    await readWorkbookFile(file, limits);
    return 'none';
  } catch (error) {
    if (error instanceof SpreadsheetRefused) return error.code;
    throw error;
  }
}
