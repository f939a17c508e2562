import type { Provider } from '@nestjs/common';
import { ContractPayouts } from './contract-payouts.js';
import { CUSTODY_EVENTS, PayoutPorts } from './payout-ports.js';
import { RetryPayoutHandler } from './retry-payout.js';

export { ContractPayouts, CUSTODY_EVENTS };

/**
 * Payouts of contracts. Needs what refunds need, `RELEASE_CONTRACTS` and `CUSTODY_EVENTS`; the composition root lists
 * `ContractPayouts` among its process managers.
 */
export const payoutsApplication: readonly Provider[] = [PayoutPorts, ContractPayouts, RetryPayoutHandler];
