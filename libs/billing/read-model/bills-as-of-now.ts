import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { BillId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { billAggregate } from '../codec/index.js';
import { BILL_STATUS, BillsAsOfNow, type BillSnapshot } from '../contract/index.js';
import type { BillState } from '../domain/bill/index.js';

/** Streams read at once: enough to keep the log busy, few enough to leave it room for payments. */
const AT_ONCE = 64;

type KnownState = Exclude<BillState, { readonly status: 'absent' }>;

/** Reads the streams, not the view: what a preview shows is what issuing will find. */
@QueryHandler(BillsAsOfNow)
export class BillsAsOfNowHandler implements IQueryHandler<BillsAsOfNow> {
  constructor(@Inject(DECIDER_STORE) private readonly store: DeciderStore) {}

  async execute({ context, organisationId, ids }: BillsAsOfNow): Promise<ReadonlyMap<BillId, BillSnapshot>> {
    const { caller } = context;
    const snapshots = new Map<BillId, BillSnapshot>();
    if (!mayReadOrganisation(caller, organisationId)) return snapshots;
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const states = await Promise.all(some.map((id) => this.store.load(billAggregate, id)));
      for (const { state } of states) {
        if (state.status === 'absent' || state.organisationId !== organisationId) continue;
        if (state.tenant === caller.tenant) snapshots.set(state.billId, snapshotOf(state));
      }
    }
    return snapshots;
  }
}

function snapshotOf(bill: KnownState): BillSnapshot {
  const figure = (minor: bigint) => money(bill.asset, minor);
  return {
    id: bill.billId,
    status: BILL_STATUS[bill.status],
    total: figure(bill.total),
    waived: figure(bill.waived),
    paid: figure(bill.paid),
    reserved: figure(bill.reserved),
    dueDate: bill.dueDate,
  };
}
