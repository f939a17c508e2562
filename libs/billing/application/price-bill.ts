import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { hasRole, mayReadOrganisation } from '#libs/security/port/index.js';
import { billAggregate } from '../codec/index.js';
import { BillPriceOn, type BillPrice } from '../contract/index.js';
import { priceOf } from './bill-price.js';

/** The very figures a payment would find. */
@QueryHandler(BillPriceOn)
export class BillPriceOnHandler implements IQueryHandler<BillPriceOn> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context: { caller }, id, asOf }: BillPriceOn): Promise<BillPrice | undefined> {
    if (!isUuid(id)) return undefined;
    const { state } = await this.store.load(billAggregate, id);
    if (state.status === 'absent' || state.tenant !== caller.tenant) return undefined;
    if (!hasRole(caller, ['payer']) && !mayReadOrganisation(caller, state.organisationId)) return undefined;
    return priceOf(state, asOf ?? localDateOf(this.runtime.clock.now()));
  }
}
