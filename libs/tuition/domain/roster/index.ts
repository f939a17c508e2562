export { guardFormula, hasForbiddenCharacter, type RosterCell } from './cell.js';
export {
  bestHeader,
  HEADER_SEARCH_ROWS,
  readHeader,
  REQUIRED_COLUMNS,
  ROSTER_COLUMNS,
  type RosterColumn,
  type RosterHeader,
} from './columns.js';
export { FAULT_CODES, type Fault, type FaultCode } from './faults.js';
export { checkDigitOf, MAX_AMOUNT_FEN } from './fields.js';
export {
  checkRow,
  type RosterFeeItem,
  type RosterRow,
  type RowSetting,
  type RowVerdict,
} from './check-row.js';
