import { assertNever } from '#libs/kernel/errors/index.js';
import type { ContractRefusal, ContractRefusalCode } from './messages.js';
import { isEnded, type Contract } from './state.js';

export function refuse(
  code: ContractRefusalCode,
  message: string,
  details?: Readonly<Record<string, string>>,
): ContractRefusal {
  return details ? { code, message, details } : { code, message };
}

export function closedFor(state: Contract): ContractRefusal | undefined {
  if (isEnded(state)) return refuse('CONTRACT_CLOSED', `The contract has ended: ${state.status}.`);
  return undefined;
}

/** Refuses whatever moves money or earns it unless the contract is in force and nothing stops it. */
export function notInForce(state: Contract): ContractRefusal | undefined {
  switch (state.status) {
    case 'drafted':
    case 'awaitingFunding':
      return refuse('CONTRACT_NOT_ACTIVE', 'The contract has not been funded yet.');
    case 'frozen':
      return frozen();
    case 'closing':
      return refuse('CONTRACT_CLOSING', 'The contract takes nothing new; it only pays what is owed.');
    case 'active':
      return undefined;
    case 'completed':
    case 'cancelled':
    case 'refunded':
    case 'expired':
      return closedFor(state);
    default:
      return assertNever(state.status, 'status');
  }
}

export function frozen(): ContractRefusal {
  return refuse('CONTRACT_FROZEN', 'A dispute keeps this from moving.');
}
