import { Inject, Injectable, Logger } from '@nestjs/common';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RefundProcess } from '../refund/refund-process.js';
import { PAYOUTS, type PayoutParts } from './deliver.js';

/** Injection token of an `EventSet` with the contracts' `FundsDeposited`, `FundsReleased` and `FundsRefunded`. */
export const CUSTODY_EVENTS = Symbol('CUSTODY_EVENTS');

/** What payouts reach beside the log. */
@Injectable()
export class PayoutPorts {
  constructor(
    @Inject(CUSTODY_EVENTS) readonly events: EventSet,
    @Inject(RELEASE_CONTRACTS) readonly contracts: Pick<ReleaseContracts, 'act'>,
    @Inject(CASES) readonly cases: Cases,
    @Inject(RefundProcess) readonly refunds: Pick<RefundProcess, 'finish'>,
  ) {}
}

const logger = new Logger('ContractPayouts');

export function partsOf(store: DeciderStore, runtime: Runtime, ports: PayoutPorts): PayoutParts {
  const { contracts, cases, refunds } = ports;
  return {
    store,
    contracts,
    cases,
    runtime,
    finishRefund: async (refundId, correlationId) => {
      try {
        await refunds.finish(refundId, { actor: PAYOUTS, correlationId });
      } catch (error) {
        // It is stored: the refund finisher goes on with it.
        logger.warn(`Refund ${refundId} was left to the finisher: ${String(error)}`);
      }
    },
  };
}
