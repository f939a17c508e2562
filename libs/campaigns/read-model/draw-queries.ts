import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { cursorAt, placeAt, type Page, type Views } from '#libs/views/port/index.js';
import {
  CampaignDraw,
  DrawnSignUps,
  MySignUp,
  type CampaignDrawView,
  type DrawnSignUpView,
  type SignUpOutcome,
  type SignUpView,
} from '../contract/index.js';
import { awardsViewOf } from '../contract/shapes.js';
import { visibleCampaigns } from './campaign-access.js';
import { termsOfText } from './stored-terms.js';
import type { CampaignRow, CampaignTables, SignUpRow } from './tables.js';

@QueryHandler(CampaignDraw)
export class CampaignDrawHandler implements IQueryHandler<CampaignDraw> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id }: CampaignDraw): Promise<CampaignDrawView | undefined> {
    const rows = visibleCampaigns(this.views.database<CampaignTables>(), caller);
    const row = await rows.where('id', '=', id).executeTakeFirst();
    if (!row || row.seed === null) return undefined;
    const { award, asset } = termsOfText(row.terms);
    return {
      campaignId: asId(row.id),
      commitment: row.commitment,
      seed: row.seed,
      signUps: row.sign_ups,
      digest: row.digest ?? '',
      awards: awardsViewOf(award, asset),
      winners: row.winners,
      drawnAt: row.drawn_at as Instant,
    };
  }
}

@QueryHandler(DrawnSignUps)
export class DrawnSignUpsHandler implements IQueryHandler<DrawnSignUps> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, id, page }: DrawnSignUps): Promise<Page<DrawnSignUpView>> {
    const database = this.views.database<CampaignTables>();
    const campaign = await visibleCampaigns(database, caller).where('id', '=', id).executeTakeFirst();
    if (!campaign || campaign.seed === null) return { items: [], hasNextPage: false };
    const after = page.after === undefined ? 0 : numberAt(page.after, id);
    const found = await database
      .selectFrom('campaign_sign_up')
      .selectAll()
      .where('campaign_id', '=', id)
      .where('number', '>', after)
      .orderBy('number')
      .limit(page.first + 1)
      .execute();
    const { asset } = termsOfText(campaign.terms);
    const items = found.slice(0, page.first).map((row) => ({
      cursor: cursorAt(id, String(row.number)),
      item: {
        number: row.number,
        signUpId: asId<'signUp'>(row.id),
        ...(row.rank !== null && { rank: row.rank }),
        ...(row.amount_minor !== null && { amount: money(asset, row.amount_minor) }),
      },
    }));
    return { items, hasNextPage: found.length > page.first, totalCount: campaign.sign_ups };
  }
}

@QueryHandler(MySignUp)
export class MySignUpHandler implements IQueryHandler<MySignUp> {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async execute({ context: { caller }, campaignId }: MySignUp): Promise<SignUpView | undefined> {
    const database = this.views.database<CampaignTables>();
    const campaign = await visibleCampaigns(database, caller).where('id', '=', campaignId).executeTakeFirst();
    if (!campaign) return undefined;
    const row = await database
      .selectFrom('campaign_sign_up')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('account', '=', caller.accountId)
      .executeTakeFirst();
    return row && viewOf(row, campaign);
  }
}

function viewOf(row: SignUpRow, campaign: CampaignRow): SignUpView {
  const { asset } = termsOfText(campaign.terms);
  return {
    id: asId(row.id),
    campaignId: asId(row.campaign_id),
    number: row.number,
    signedUpAt: row.signed_up_at as Instant,
    outcome: outcomeOf(row, campaign),
    ...(row.rank !== null && { rank: row.rank }),
    ...(row.amount_minor !== null && { amount: money(asset, row.amount_minor) }),
    ...(row.voucher_id !== null && { voucherId: asId<'contract'>(row.voucher_id) }),
  };
}

function outcomeOf({ rank }: SignUpRow, { seed }: CampaignRow): SignUpOutcome {
  if (seed === null) return 'WAITING';
  return rank === null ? 'LOST' : 'WON';
}

/** @throws InvalidInputError `INVALID_CURSOR` */
function numberAt(cursor: string, id: string): number {
  const [campaignId, number] = placeAt(cursor, 2);
  if (campaignId === id && /^\d{1,9}$/.test(number)) return Number(number);
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
