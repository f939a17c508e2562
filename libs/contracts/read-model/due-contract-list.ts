import { Inject, Injectable } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { DueContract, DueContractList } from '../domain/release-contract/due-contracts.js';
import type { ContractTables } from './tables.js';

@Injectable()
export class ViewedDueContracts implements DueContractList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async dueBy(moment: Instant, limit: number, after?: DueContract): Promise<readonly DueContract[]> {
    let rows = this.views
      .database<ContractTables>()
      .selectFrom('contract')
      .select(['id', 'tenant', 'next_due_at'])
      .where('next_due_at', '<=', moment)
      .orderBy('next_due_at')
      .orderBy('id')
      .limit(limit);
    if (after) {
      rows = rows
        // Lets the index seek; the rest decides within one moment.
        .where('next_due_at', '>=', after.dueAt)
        .where((due) => due.or([due('next_due_at', '>', after.dueAt), due('id', '>', after.contractId)]));
    }
    return (await rows.execute()).map(({ id, tenant, next_due_at }) => ({
      contractId: asId<'contract'>(id),
      tenant: asId<'tenant'>(tenant),
      dueAt: next_due_at as Instant,
    }));
  }
}
