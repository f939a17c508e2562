import type { TableDefinition } from '#libs/views/port/index.js';

export const campaignTable: TableDefinition = {
  name: 'campaign',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    sponsor: 'text',
    status: 'text',
    /** Name, kind, awards and where they can be spent, JSON. */
    terms: 'text',
    opens_at: 'text',
    closes_at: 'text',
    draw_at: 'text',
    expires_at: 'text',
    budget_contract_id: 'text',
    commitment: 'text',
    seed: { type: 'text', nullable: true },
    digest: { type: 'text', nullable: true },
    drawn_at: { type: 'text', nullable: true },
    winners: 'integer',
    sign_ups: 'integer',
    granted: 'integer',
    end_reason: { type: 'text', nullable: true },
    drafted_at: 'text',
    /** Null: has nothing to do any more. */
    next_due_at: { type: 'text', nullable: true },
  },
  primaryKey: ['id'],
  indexes: [['next_due_at'], ['tenant', 'drafted_at'], ['organisation_id', 'drafted_at']],
};

export const signUpTable: TableDefinition = {
  name: 'campaign_sign_up',
  columns: {
    campaign_id: 'text',
    number: 'integer',
    id: 'text',
    account: 'text',
    signed_up_at: 'text',
    rank: { type: 'integer', nullable: true },
    amount_minor: { type: 'minor', nullable: true },
    voucher_id: { type: 'text', nullable: true },
    granted_at: { type: 'text', nullable: true },
  },
  primaryKey: ['campaign_id', 'number'],
  indexes: [['campaign_id', 'id'], ['campaign_id', 'account'], ['account', 'granted_at'], ['voucher_id']],
};

export const spendTable: TableDefinition = {
  name: 'campaign_spend',
  columns: {
    id: 'text',
    voucher_id: 'text',
    tenant: 'text',
    campaign_id: 'text',
    organisation_id: 'text',
    asset: 'text',
    amount_minor: 'minor',
    spend_minor: 'minor',
    spent_at: 'text',
  },
  primaryKey: ['id', 'voucher_id'],
  indexes: [['tenant', 'organisation_id', 'spent_at']],
};

export interface CampaignRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly sponsor: string;
  readonly status: string;
  readonly terms: string;
  readonly opens_at: string;
  readonly closes_at: string;
  readonly draw_at: string;
  readonly expires_at: string;
  readonly budget_contract_id: string;
  readonly commitment: string;
  readonly seed: string | null;
  readonly digest: string | null;
  readonly drawn_at: string | null;
  readonly winners: number;
  readonly sign_ups: number;
  readonly granted: number;
  readonly end_reason: string | null;
  readonly drafted_at: string;
  readonly next_due_at: string | null;
}

export interface SignUpRow {
  readonly campaign_id: string;
  readonly number: number;
  readonly id: string;
  readonly account: string;
  readonly signed_up_at: string;
  readonly rank: number | null;
  readonly amount_minor: bigint | null;
  readonly voucher_id: string | null;
  readonly granted_at: string | null;
}

export interface SpendRow {
  readonly id: string;
  readonly voucher_id: string;
  readonly tenant: string;
  readonly campaign_id: string;
  readonly organisation_id: string;
  readonly asset: string;
  readonly amount_minor: bigint;
  readonly spend_minor: bigint;
  readonly spent_at: string;
}

export interface CampaignTables {
  readonly campaign: CampaignRow;
  readonly campaign_sign_up: SignUpRow;
  readonly campaign_spend: SpendRow;
}
