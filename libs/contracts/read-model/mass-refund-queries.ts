import { Inject, Injectable } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId, isUuid, type ContractId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  MassRefundById,
  MassRefundsOf,
  type MassRefundStatus,
  type MassRefundView,
} from '../contract/mass-refund.js';
import type {
  LiveContractList,
  LiveContractsOf,
  OpenMassRefund,
  OpenMassRefunds,
} from '../domain/mass-refund/index.js';
import type { MassRefundRow, MassRefundTables } from './mass-refund-tables.js';
import type { ContractTables } from './tables.js';

const NOTHING: Page<MassRefundView> = { items: [], hasNextPage: false };

@QueryHandler(MassRefundsOf)
export class MassRefundsOfHandler implements IQueryHandler<MassRefundsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, page }: MassRefundsOf): Promise<Page<MassRefundView>> {
    const { organisation, tenant } = caller;
    if (!mayReadOrganisation(caller, organisation ?? asId<'organisation'>('*'))) return NOTHING;
    let rows = this.views
      .database<MassRefundTables>()
      .selectFrom('mass_refund')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (organisation !== undefined) {
      rows = rows.where((row) =>
        row.or([row('organisation_id', '=', organisation), row('authority_id', '=', organisation)]),
      );
    }
    if (page.after !== undefined) {
      const [requestedAt, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('requested_at', '<', requestedAt),
          row.and([row('requested_at', '=', requestedAt), row('id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    return {
      items: found
        .slice(0, page.first)
        .map((row) => ({ cursor: cursorAt(row.requested_at, row.id), item: viewOf(row) })),
      hasNextPage: found.length > page.first,
    };
  }
}

@QueryHandler(MassRefundById)
export class MassRefundByIdHandler implements IQueryHandler<MassRefundById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: MassRefundById): Promise<MassRefundView | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.views
      .database<MassRefundTables>()
      .selectFrom('mass_refund')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', caller.tenant)
      .executeTakeFirst();
    if (!row) return undefined;
    const own = [row.organisation_id, row.authority_id].some(
      (organisation) =>
        organisation !== null && mayReadOrganisation(caller, asId<'organisation'>(organisation)),
    );
    return own ? viewOf(row) : undefined;
  }
}

/** Agreed to and not done. */
@Injectable()
export class ViewedOpenMassRefunds implements OpenMassRefunds {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async idleSince(moment: Instant, limit: number, after?: OpenMassRefund) {
    let rows = this.views
      .database<MassRefundTables>()
      .selectFrom('mass_refund')
      .select(['id', 'last_at'])
      .where('status', '=', 'RUNNING' satisfies MassRefundStatus)
      .where('last_at', '<=', moment)
      .orderBy('last_at')
      .orderBy('id')
      .limit(limit);
    if (after) {
      const { lastAt, massRefundId } = after;
      rows = rows.where((row) =>
        row.or([
          row('last_at', '>', lastAt),
          row.and([row('last_at', '=', lastAt), row('id', '>', massRefundId)]),
        ]),
      );
    }
    return (await rows.execute()).map(({ id, last_at }) => ({
      massRefundId: asId<'massRefund'>(id),
      lastAt: last_at as Instant,
    }));
  }
}

/**
 * Contracts that have not ended, in order of their ids. Each status is read along its own index, at most a page of it: a query over
 * several statuses would sort everything that is left for every page.
 */
@Injectable()
export class ViewedLiveContracts implements LiveContractList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async page(
    { statuses, ...of }: LiveContractsOf,
    { after, limit }: { readonly after: ContractId | null; readonly limit: number },
  ): Promise<readonly ContractId[]> {
    const [first, ...others] = statuses.map((status) => {
      const rows = this.#live({ ...of, statuses: [status] })
        .select('contract.id')
        .orderBy('contract.id')
        .limit(limit);
      const page = after === null ? rows : rows.where('contract.id', '>', after);
      return this.views.database<ContractTables>().selectFrom(page.as('page')).select('page.id');
    });
    if (!first) return [];
    // One statement: a contract whose status changes meanwhile is neither missed nor met twice.
    const all = others.reduce((rows, other) => rows.unionAll(other), first);
    const found = await all.orderBy('id').limit(limit).execute();
    return found.map(({ id }) => asId<'contract'>(id));
  }

  async count(of: LiveContractsOf): Promise<number> {
    const { count } = await this.#live(of)
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  #live({ tenant, organisationId, authorityId, statuses }: LiveContractsOf) {
    const live = this.views
      .database<ContractTables>()
      .selectFrom('contract')
      .where('contract.tenant', '=', tenant)
      .where('contract.organisation_id', '=', organisationId)
      .where('contract.status', 'in', statuses);
    if (authorityId === null) return live;
    return live.where((row) =>
      row.exists(
        row
          .selectFrom('contract_party')
          .select('contract_party.contract_id')
          .where('contract_party.kind', '=', 'organisation')
          .where('contract_party.party_id', '=', authorityId)
          .whereRef('contract_party.contract_id', '=', 'contract.id'),
      ),
    );
  }
}

function viewOf(row: MassRefundRow): MassRefundView {
  const sums = JSON.parse(row.sums) as readonly (readonly [Asset, string, string, string, string])[];
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    authorityId: row.authority_id === null ? null : asId(row.authority_id),
    status: row.status as MassRefundStatus,
    reason: row.reason,
    approvalId: row.approval_id,
    requestedAt: row.requested_at as Instant,
    contracts: row.contracts,
    processed: row.processed,
    left: row.left_count,
    sums: sums.map(([asset, heldBefore, refunded, released, owed]) => ({
      heldBefore: money(asset, BigInt(heldBefore)),
      refunded: money(asset, BigInt(refunded)),
      released: money(asset, BigInt(released)),
      owed: money(asset, BigInt(owed)),
    })),
  };
}
