export { openCsv, CSV_LIMITS } from './reader.js';
export type { CsvLimits } from './reader.js';
