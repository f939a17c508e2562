import type { TableDefinition } from '#libs/views/port/index.js';

export const walletTable: TableDefinition = {
  name: 'wallet_account',
  columns: {
    id: 'text',
    tenant: 'text',
    owner: 'text',
    label: 'text',
    asset: 'text',
    tier: 'text',
    institution_id: { type: 'text', nullable: true },
    frozen: 'integer',
    available_minor: 'minor',
    held_minor: 'minor',
  },
  primaryKey: ['id'],
  indexes: [['owner']],
};

/** Open and closed ones. What an organisation may see of them is chosen by the query. */
export const subWalletTable: TableDefinition = {
  name: 'sub_wallet',
  columns: {
    id: 'text',
    wallet_id: 'text',
    tenant: 'text',
    token: 'text',
    organisation_id: 'text',
    scene: { type: 'text', nullable: true },
    asset: 'text',
    single_minor: 'minor',
    day_minor: 'minor',
    status: 'text',
    pushed_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [['wallet_id'], ['organisation_id'], ['token']],
};

export interface WalletRow {
  readonly id: string;
  readonly tenant: string;
  readonly owner: string;
  readonly label: string;
  readonly asset: string;
  readonly tier: string;
  readonly institution_id: string | null;
  readonly frozen: number;
  readonly available_minor: bigint;
  readonly held_minor: bigint;
}

export interface SubWalletRow {
  readonly id: string;
  readonly wallet_id: string;
  readonly tenant: string;
  readonly token: string;
  readonly organisation_id: string;
  readonly scene: string | null;
  readonly asset: string;
  readonly single_minor: bigint;
  readonly day_minor: bigint;
  readonly status: string;
  readonly pushed_at: string;
}

export interface WalletTables {
  readonly wallet_account: WalletRow;
  readonly sub_wallet: SubWalletRow;
}
