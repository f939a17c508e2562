import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Kysely } from 'kysely';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import { asId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation, type Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  MyVouchers,
  VoucherById,
  VouchersTaken,
  type TakenVoucherView,
  type VoucherView,
} from '../contract/index.js';
import { voucherViewOf } from '../contract/voucher-shape.js';
import { termsOfText } from './stored-terms.js';
import type { CampaignTables } from './tables.js';

type Contracts = Pick<ReleaseContracts, 'find'>;

interface OwnVoucherRow {
  readonly voucher_id: string | null;
  readonly campaign_id: string;
  readonly granted_at: string | null;
  readonly terms: string;
}

/** Balances are the contracts' own, so that what was just spent never shows as left. */
@QueryHandler(MyVouchers)
export class MyVouchersHandler implements IQueryHandler<MyVouchers> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: Contracts,
  ) {}

  async execute({ context: { caller }, page }: MyVouchers): Promise<Page<VoucherView>> {
    let rows = ownVouchers(this.views.database<CampaignTables>(), caller)
      .orderBy('campaign_sign_up.granted_at', 'desc')
      .orderBy('campaign_sign_up.voucher_id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([
          row('campaign_sign_up.granted_at', '<', at),
          row.and([row('campaign_sign_up.granted_at', '=', at), row('campaign_sign_up.voucher_id', '<', id)]),
        ]),
      );
    }
    const found = await rows.execute();
    const items = [];
    for (const row of found.slice(0, page.first)) {
      const item = await voucherOf(this.contracts, caller, row);
      if (item) items.push({ cursor: cursorAt(row.granted_at ?? '', row.voucher_id ?? ''), item });
    }
    return { items, hasNextPage: found.length > page.first };
  }
}

@QueryHandler(VoucherById)
export class VoucherByIdHandler implements IQueryHandler<VoucherById> {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: Contracts,
  ) {}

  async execute({ context: { caller }, id }: VoucherById): Promise<VoucherView | undefined> {
    const rows = ownVouchers(this.views.database<CampaignTables>(), caller);
    const row = await rows.where('campaign_sign_up.voucher_id', '=', id).executeTakeFirst();
    return row && voucherOf(this.contracts, caller, row);
  }
}

@QueryHandler(VouchersTaken)
export class VouchersTakenHandler implements IQueryHandler<VouchersTaken> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context, organisationId, page }: VouchersTaken): Promise<Page<TakenVoucherView>> {
    const { caller } = context;
    if (!mayReadOrganisation(caller, organisationId)) return { items: [], hasNextPage: false };
    let rows = this.views
      .database<CampaignTables>()
      .selectFrom('campaign_spend')
      .innerJoin('campaign', 'campaign.id', 'campaign_spend.campaign_id')
      .selectAll('campaign_spend')
      .select('campaign.terms')
      .where('campaign_spend.tenant', '=', caller.tenant)
      .where('campaign_spend.organisation_id', '=', organisationId)
      .orderBy('campaign_spend.spent_at', 'desc')
      .orderBy('campaign_spend.id', 'desc')
      .orderBy('campaign_spend.voucher_id', 'desc')
      .limit(page.first + 1);
    if (page.after !== undefined) {
      const [at, id, voucher] = placeAt(page.after, 3);
      rows = rows.where((row) =>
        row.or([
          row('spent_at', '<', at),
          row.and([row('spent_at', '=', at), row('campaign_spend.id', '<', id)]),
          row.and([
            row('spent_at', '=', at),
            row('campaign_spend.id', '=', id),
            row('voucher_id', '<', voucher),
          ]),
        ]),
      );
    }
    const found = await rows.execute();
    const items = found.slice(0, page.first).map((row) => ({
      cursor: cursorAt(row.spent_at, row.id, row.voucher_id),
      item: {
        id: row.id,
        voucherId: asId<'contract'>(row.voucher_id),
        campaignId: asId<'campaign'>(row.campaign_id),
        campaignName: termsOfText(row.terms).name,
        organisationId,
        amount: money(row.asset as Asset, row.amount_minor),
        spend: money(row.asset as Asset, row.spend_minor),
        takenAt: row.spent_at as Instant,
      },
    }));
    return { items, hasNextPage: found.length > page.first };
  }
}

/** Those that have been granted to the caller's account. */
function ownVouchers(database: Kysely<CampaignTables>, { tenant, accountId }: Caller) {
  return database
    .selectFrom('campaign_sign_up')
    .innerJoin('campaign', 'campaign.id', 'campaign_sign_up.campaign_id')
    .select([
      'campaign_sign_up.voucher_id',
      'campaign_sign_up.campaign_id',
      'campaign_sign_up.granted_at',
      'campaign.terms',
    ])
    .where('campaign.tenant', '=', tenant)
    .where('campaign_sign_up.account', '=', accountId)
    .where('campaign_sign_up.granted_at', 'is not', null);
}

async function voucherOf(
  contracts: Contracts,
  { tenant }: Caller,
  { voucher_id, campaign_id, terms }: OwnVoucherRow,
): Promise<VoucherView | undefined> {
  const contract = await contracts.find(tenant, asId<'contract'>(voucher_id ?? ''));
  return contract && voucherViewOf(contract, { campaignId: asId(campaign_id), ...termsOfText(terms) });
}
