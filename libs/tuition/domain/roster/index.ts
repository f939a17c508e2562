export { guardFormula, hasForbiddenCharacter, type RosterCell } from './cell.js';
export {
  bestHeader,
  HEADER_SEARCH_ROWS,
  readHeader,
  ROSTER_COLUMNS,
  type RosterColumn,
  type RosterHeader,
} from './columns.js';
export type { Fault, FaultCode } from './faults.js';
export { checkDigitOf } from './fields.js';
export {
  checkRow,
  type RosterFeeItem,
  type RosterRow,
  type RowSetting,
  type RowVerdict,
} from './check-row.js';
