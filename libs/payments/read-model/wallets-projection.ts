import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type EventPlace, type Projection } from '#libs/event-log/consumers/types.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { walletEvents } from '../codec/index.js';
import type { SubWalletPushed, WalletOpened } from '../domain/wallet/index.js';
import { subWalletTable, walletTable } from './wallet-tables.js';

/** Wallets and the sub-wallets pushed from them, as they are now. */
export const walletsProjection: Projection = defineProjection({
  name: 'wallets',
  version: 1,
  tables: [walletTable, subWalletTable],
  parts: [
    on(walletEvents, {
      WalletOpened: putWallet,
      WalletHolderRegistered: null,
      WalletUpgraded: ({ walletId, to }, view) =>
        view.patch('wallet_account', { id: walletId }, { tier: to }),
      WalletToppedUp: patchAvailable,
      WalletCredited: patchAvailable,
      WalletHoldPlaced: patchFigures,
      WalletHoldReleased: patchFigures,
      WalletHoldSpent: patchFigures,
      WalletPaymentBarred: null,
      WalletFrozen: ({ walletId }, view) => view.patch('wallet_account', { id: walletId }, { frozen: 1 }),
      WalletThawed: ({ walletId }, view) => view.patch('wallet_account', { id: walletId }, { frozen: 0 }),
      SubWalletPushed: putSubWallet,
      SubWalletRelimited: ({ subWalletId, single, day }, view) =>
        view.patch('sub_wallet', { id: subWalletId }, { single_minor: single.amount, day_minor: day.amount }),
      SubWalletClosed: ({ subWalletId }, view) =>
        view.patch('sub_wallet', { id: subWalletId }, { status: 'CLOSED' }),
    }),
  ],
});

function putWallet(data: WalletOpened['data'], view: ViewWriter): void {
  const { walletId, tenant, owner, label, asset, tier, institutionId } = data;
  view.put('wallet_account', {
    id: walletId,
    tenant,
    owner,
    label,
    asset,
    tier: tier ?? 'II',
    institution_id: institutionId ?? null,
    frozen: 0,
    available_minor: 0n,
    held_minor: 0n,
  });
}

function putSubWallet(data: SubWalletPushed['data'], view: ViewWriter, { metadata }: EventPlace): void {
  const { walletId, subWalletId, token, organisationId, scene, single, day, pushedAt } = data;
  view.put('sub_wallet', {
    id: subWalletId,
    wallet_id: walletId,
    tenant: metadata.tenant,
    token,
    organisation_id: organisationId,
    scene: scene ?? null,
    asset: single.asset,
    single_minor: single.amount,
    day_minor: day.amount,
    status: 'OPEN',
    pushed_at: pushedAt,
  });
}

interface Figures {
  readonly walletId: string;
  readonly availableAfter: Money;
}

function patchAvailable({ walletId, availableAfter }: Figures, view: ViewWriter): void {
  view.patch('wallet_account', { id: walletId }, { available_minor: availableAfter.amount });
}

function patchFigures(
  { walletId, availableAfter, heldAfter }: Figures & { readonly heldAfter: Money },
  view: ViewWriter,
): void {
  const figures = { available_minor: availableAfter.amount, held_minor: heldAfter.amount };
  view.patch('wallet_account', { id: walletId }, figures);
}
