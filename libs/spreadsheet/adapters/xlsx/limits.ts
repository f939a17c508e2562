/** What a workbook may cost. Measured against what spreadsheet programs write, with room. */
export interface XlsxLimits {
  /** Compressed; the file is held in memory while it is read. */
  readonly maxFileBytes: number;
  /** All parts together, counted while inflating, never believed from the headers. */
  readonly maxInflatedBytes: number;
  /** Inflated to compressed, for the whole file. Sheets of spreadsheet programs stay below 60, deflate can reach 1,032. */
  readonly maxRatio: number;
  /** Below this many inflated bytes the ratio says nothing. */
  readonly ratioMatters: number;
  readonly maxEntries: number;
  /** The table of shared strings, inflated: the one part that has to be held as a whole. */
  readonly maxSharedStringsBytes: number;
  readonly maxColumns: number;
  readonly maxMerges: number;
}

export const XLSX_LIMITS: XlsxLimits = {
  maxFileBytes: 64 * 1024 * 1024,
  maxInflatedBytes: 1024 * 1024 * 1024,
  maxRatio: 200,
  ratioMatters: 8 * 1024 * 1024,
  maxEntries: 1_000,
  maxSharedStringsBytes: 96 * 1024 * 1024,
  maxColumns: 256,
  maxMerges: 10_000,
};

/** The format's own limit. */
export const MAX_SHEET_ROWS = 1_048_576;
