import { Inject, Injectable } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  CampaignById,
  CampaignsOf,
  type CampaignStatus,
  type CampaignView,
  type EndReason,
} from '../contract/index.js';
import { awardsViewOf, spendingViewOf } from '../contract/shapes.js';
import type { DueCampaign, DueCampaigns } from '../domain/campaign/index.js';
import { awardsOf, budgetOf } from '../domain/lottery/index.js';
import { seesInside, visibleCampaigns } from './campaign-access.js';
import { termsOfText } from './stored-terms.js';
import type { CampaignRow, CampaignTables } from './tables.js';

@QueryHandler(CampaignsOf)
export class CampaignsOfHandler implements IQueryHandler<CampaignsOf> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, filter, page }: CampaignsOf): Promise<Page<CampaignView>> {
    let rows = visibleCampaigns(this.views.database<CampaignTables>(), caller)
      .orderBy('drafted_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.first + 1);
    if (filter.organisationId !== undefined) rows = rows.where('organisation_id', '=', filter.organisationId);
    if (filter.statuses !== undefined) rows = rows.where('status', 'in', filter.statuses);
    if (page.after !== undefined) {
      const [at, id] = placeAt(page.after, 2);
      rows = rows.where((row) =>
        row.or([row('drafted_at', '<', at), row.and([row('drafted_at', '=', at), row('id', '<', id)])]),
      );
    }
    const found = await rows.execute();
    const items = found.slice(0, page.first).map((row) => ({
      cursor: cursorAt(row.drafted_at, row.id),
      item: viewOf(row, caller),
    }));
    return { items, hasNextPage: found.length > page.first };
  }
}

@QueryHandler(CampaignById)
export class CampaignByIdHandler implements IQueryHandler<CampaignById> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: CampaignById): Promise<CampaignView | undefined> {
    const rows = visibleCampaigns(this.views.database<CampaignTables>(), caller);
    const row = await rows.where('id', '=', id).executeTakeFirst();
    return row && viewOf(row, caller);
  }
}

@Injectable()
export class ViewedDueCampaigns implements DueCampaigns {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async dueBy(moment: Instant, limit: number, after?: DueCampaign): Promise<readonly DueCampaign[]> {
    let rows = this.views
      .database<CampaignTables>()
      .selectFrom('campaign')
      .select(['id', 'next_due_at'])
      .where('next_due_at', '<=', moment)
      .orderBy('next_due_at')
      .orderBy('id')
      .limit(limit);
    if (after) {
      const { dueAt, campaignId } = after;
      rows = rows.where((row) =>
        row.or([
          row('next_due_at', '>', dueAt),
          row.and([row('next_due_at', '=', dueAt), row('id', '>', campaignId)]),
        ]),
      );
    }
    return (await rows.execute()).map(({ id, next_due_at }) => ({
      campaignId: asId<'campaign'>(id),
      dueAt: next_due_at as Instant,
    }));
  }
}

function viewOf(row: CampaignRow, caller: Caller): CampaignView {
  const { name, kind, asset, award, spending } = termsOfText(row.terms);
  return {
    id: asId(row.id),
    organisationId: asId(row.organisation_id),
    name,
    kind,
    status: row.status as CampaignStatus,
    budget: money(asset, budgetOf(award)),
    awardCount: awardsOf(award),
    awards: awardsViewOf(award, asset),
    spending: spendingViewOf(spending, asset),
    opensAt: row.opens_at as Instant,
    closesAt: row.closes_at as Instant,
    drawAt: row.draw_at as Instant,
    expiresAt: row.expires_at as Instant,
    commitment: row.commitment,
    ...(seesInside(caller, row) && { sponsor: row.sponsor, budgetContractId: asId(row.budget_contract_id) }),
    signUps: row.sign_ups,
    granted: row.granted,
    ...(row.end_reason !== null && { endReason: row.end_reason as EndReason }),
    draftedAt: row.drafted_at as Instant,
  };
}
