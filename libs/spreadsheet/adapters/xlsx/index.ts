export { openXlsx } from './reader.js';
export { XLSX_LIMITS } from './limits.js';
export type { XlsxLimits } from './limits.js';
export { xlsxWriter } from './writer.js';
