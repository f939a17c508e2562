/**
 * What can be asked of a release contract, what can have happened to it, and why it refuses. Amounts are minor units of the
 * contract's asset. `at` never goes back: a command with an earlier moment than the last event is refused (CLOCK_REGRESSION).
 */
import type { Rejection } from '#libs/kernel/errors/index.js';

export type * from './commands.js';
export type * from './events.js';
export type * from './parts.js';

export type ContractRefusalCode =
  | 'CONTRACT_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  /** A parameter is missing, of a wrong type, out of its bounds, or a check of the template fails; `path` and `details` say which. */
  | 'INVALID_PARAMETERS'
  | 'NOT_AUTHORISED'
  | 'BAD_SIGNATURE'
  /** Fewer different keys of the attestor than the template asks for. */
  | 'NOT_ENOUGH_SIGNATURES'
  /** Signed over another document than this contract. */
  | 'WRONG_DOCUMENT'
  | 'CONTRACT_NOT_SIGNED'
  | 'CONTRACT_NOT_ACTIVE'
  | 'CONTRACT_FROZEN'
  | 'CONTRACT_CLOSING'
  | 'CONTRACT_CLOSED'
  | 'FUNDING_CLOSED'
  | 'BELOW_MIN_FUNDING'
  | 'EXCEEDS_MAX_FUNDING'
  /** The very same evidence is in the log already. */
  | 'DUPLICATE'
  /** Other evidence for the same unit is in the log already. */
  | 'EVIDENCE_CONFLICT'
  | 'EVIDENCE_NOT_FOR_RULE'
  /** Observed after now, or before the contract was in force. */
  | 'EVIDENCE_FROM_THE_FUTURE'
  | 'EVIDENCE_TOO_OLD'
  /** A reading below one that is in the log already. */
  | 'EVIDENCE_OUT_OF_ORDER'
  | 'EXCEEDS_UNITS'
  | 'EXCEEDS_CAP'
  | 'MERCHANT_NOT_ALLOWED'
  | 'BELOW_MIN_SPEND'
  | 'NOTHING_TO_PAY'
  | 'UNIT_NOT_FOUND'
  | 'NOT_COOLING'
  | 'RULE_NOT_FOUND'
  | 'RULE_NOT_APPLICABLE'
  | 'WRONG_SECRET'
  | 'ALREADY_VOTED'
  | 'DISPUTE_OPEN'
  | 'DISPUTE_NOT_FOUND'
  | 'AMENDMENT_OPEN'
  | 'AMENDMENT_NOT_FOUND'
  | 'AMENDMENT_NOT_POSSIBLE'
  | 'PAYMENT_ENDED'
  | 'CLOCK_REGRESSION';

export type ContractRefusal = Rejection<ContractRefusalCode>;
