export { spreadsheetReader } from './spreadsheet-reader.js';
export type { SpreadsheetLimits } from './spreadsheet-reader.js';
export { xlsxWriter } from './xlsx/index.js';
