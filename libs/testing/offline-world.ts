/** A shop that brings offline payments, and a payer's device, around one log. */
import { CaseDesk } from '#libs/cases/application/case-desk.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { OrganisationId, WalletId } from '#libs/kernel/ids/index.js';
import { IssueHardWalletHandler } from '#libs/payments/application/hard-wallets/issue-hard-wallet.js';
import { LoadHardWalletHandler } from '#libs/payments/application/hard-wallets/load-hard-wallet.js';
import { LoadProcess } from '#libs/payments/application/hard-wallets/load-process.js';
import { OfflineProcess, OfflineReactions } from '#libs/payments/application/hard-wallets/offline-process.js';
import { PaidOfflineSettlement } from '#libs/payments/application/hard-wallets/offline-settlement.js';
import { SyncOfflinePaymentsHandler } from '#libs/payments/application/hard-wallets/sync-offline-payments.js';
import { WalletLimitsOf } from '#libs/payments/application/wallets/wallet-limits.js';
import { walletAggregate } from '#libs/payments/codec/index.js';
import {
  IssueHardWallet,
  LoadHardWallet,
  SyncOfflinePayments,
  type HardWalletId,
  type OfflineToken,
} from '#libs/payments/contract/index.js';
import { callerOf, recordedEvents, requestOf, SCHOOL } from './callers.js';
import { fen, paymentNode, type PaymentWorld } from './payment-world.js';

const payer = requestOf(callerOf('payer', 'payer-1'));

export type OfflineShop = ReturnType<typeof offlineShop>;

/** One process: its own store and memory on the log given. */
export function offlineShop(world: PaymentWorld, log: EventLog = world.log) {
  const node = paymentNode(world, log);
  const { store, desk } = node;
  const { runtime } = world;
  const loads = new LoadProcess(store, runtime, new WalletLimitsOf(store, runtime));
  const settlement = new PaidOfflineSettlement(desk);
  const offline = new OfflineProcess(store, runtime, new CaseDesk(store, runtime), settlement);
  const reactions = new OfflineReactions(loads, offline);
  return {
    ...node,
    issue: (walletId: WalletId, publicKey: string, request = payer) =>
      new IssueHardWalletHandler(store, runtime).execute(
        new IssueHardWallet(request, { idempotencyKey: 'k', walletId, publicKey }),
      ),
    load: (hardWalletId: HardWalletId, amount: number, counter: number, idempotencyKey = 'k') =>
      new LoadHardWalletHandler(store, runtime, loads).execute(
        new LoadHardWallet(payer, { idempotencyKey, hardWalletId, amount: fen(amount), counter }),
      ),
    sync: (tokens: readonly OfflineToken[], organisation: OrganisationId = SCHOOL) =>
      new SyncOfflinePaymentsHandler(offline, runtime).execute(
        new SyncOfflinePayments(requestOf(callerOf('clerk', 'clerk-1', organisation)), {
          idempotencyKey: 'k',
          tokens,
        }),
      ),
    /** What the process manager does with everything in the log. */
    async react(): Promise<void> {
      for (const recorded of await recordedEvents(world.log)) {
        if (recorded.stream.startsWith('hardWallet-'))
          await reactions.react(world.catalogue.decode(recorded));
      }
    },
    async wallet(walletId: WalletId) {
      const { state } = await store.load(walletAggregate, walletId);
      return state;
    },
  };
}
