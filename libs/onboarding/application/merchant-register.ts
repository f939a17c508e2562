import { Inject, Injectable } from '@nestjs/common';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { organisationAggregate } from '../codec/index.js';
import type { Merchant, Merchants } from '../contract/index.js';
import { categoryOn } from '../domain/organisation/index.js';

@Injectable()
export class MerchantRegister implements Merchants {
  constructor(@Inject(DECIDER_STORE) private readonly store: DeciderStore) {}

  async find(tenant: TenantId, organisationId: OrganisationId, on: LocalDate): Promise<Merchant | undefined> {
    const { state } = await this.store.load(organisationAggregate, organisationId);
    if (state.status === 'absent' || state.tenant !== tenant) return undefined;
    return { organisationId, mcc: categoryOn(state, on) ?? null };
  }
}
