export type * from './messages.js';
export type * from './state.js';
export {
  APPROVAL_KINDS,
  CHECKING_ROLES,
  checkableKinds,
  mayCheck,
  type ApprovalKind,
  type Asker,
} from './checkers.js';
export { approvalDecider } from './decider.js';
