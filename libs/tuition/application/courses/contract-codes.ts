import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ContractStateCode } from '../../contract/courses.js';
import { refused, type Refused } from './narrow.js';

/** Why a contract would not take something new just now; `undefined`: it would. */
export function notOpen(contract: ContractSummary | undefined): Refused<ContractStateCode> | undefined {
  switch (contract?.status) {
    case 'active':
      return undefined;
    case undefined:
    case 'drafted':
    case 'awaitingFunding':
      return refused('CONTRACT_NOT_ACTIVE', 'The course has not been paid for yet.');
    case 'frozen':
      return refused('CONTRACT_FROZEN', 'A dispute keeps the whole contract from moving.');
    case 'closing':
      return refused('CONTRACT_CLOSING', 'The contract takes nothing new any more.');
    case 'completed':
    case 'cancelled':
    case 'refunded':
    case 'expired':
      return refused('CONTRACT_CLOSED', 'The contract has ended.');
    default:
      return undefined;
  }
}

/** What a contract says in the words of an order. */
export function inOrderWords(rejection: Rejection): Rejection {
  const code = WORDS[rejection.code] ?? rejection.code;
  return { ...rejection, code };
}

const WORDS: Readonly<Record<string, string>> = {
  UNIT_NOT_FOUND: 'LESSON_NOT_FOUND',
  EXCEEDS_UNITS: 'LESSON_NOT_FOUND',
  CONTRACT_NOT_SIGNED: 'CONTRACT_NOT_ACTIVE',
  EVIDENCE_TOO_OLD: 'CONTRACT_NOT_ACTIVE',
  // A region without rules and a template that is gone are parameters of the course that no longer hold.
  REGION_NOT_FOUND: 'INVALID_PARAMETERS',
  TEMPLATE_NOT_FOUND: 'INVALID_PARAMETERS',
};
