/** Wallets and their transfers around one log and a real sandbox bank, without views. */
import { CaseDesk } from '#libs/cases/application/case-desk.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { asId, type TransferId, type WalletId } from '#libs/kernel/ids/index.js';
import { OpenWalletHandler } from '#libs/payments/application/open-wallet.js';
import { ConfirmCollectionHandler } from '#libs/payments/application/transfer/confirm-collection.js';
import { TransferParts, TransferPorts } from '#libs/payments/application/transfer/parts.js';
import {
  CollectionByContentHandler,
  RequestCollectionHandler,
} from '#libs/payments/application/transfer/request-collection.js';
import { TopUpFromBankHandler } from '#libs/payments/application/transfer/top-up-from-bank.js';
import {
  TransferNotices,
  TransferReturnNotices,
} from '#libs/payments/application/transfer/transfer-notices.js';
import { TransferProcess } from '#libs/payments/application/transfer/transfer-process.js';
import { WithdrawFromWalletHandler } from '#libs/payments/application/transfer/withdraw-from-wallet.js';
import { WalletLimitsOf } from '#libs/payments/application/wallets/wallet-limits.js';
import { transferAggregate, walletAggregate } from '#libs/payments/codec/index.js';
import {
  CollectionByContent,
  ConfirmCollection,
  OpenWallet,
  RequestCollection,
  TopUpFromBank,
  TopUpWallet,
  WithdrawFromWallet,
} from '#libs/payments/contract/index.js';
import { TopUpWalletHandler } from '#libs/payments/application/top-up-wallet.js';
import type { OpenWallet as OpenWalletState } from '#libs/payments/domain/wallet/index.js';
import type { KnownTransfer } from '#libs/payments/domain/transfer/index.js';
import { callerOf, requestOf } from './callers.js';
import { createDeciderStore } from '#libs/event-log/runner/index.js';
import { fen, recordedEvents, type PaymentWorld } from './payment-world.js';

export type TransferNode = ReturnType<typeof transferNode>;

const FINISHER = { actor: 'system:transfer-finisher', correlationId: 'finisher' };

/** One process: its own store and memory on the log given. */
export function transferNode(world: PaymentWorld, log: EventLog = world.log) {
  const { runtime, catalogue, subjectKeys, external } = world;
  const store = createDeciderStore({ log, catalogue, subjectKeys, runtime });
  const ports = new TransferPorts(external, new CaseDesk(store, runtime), new WalletLimitsOf(store, runtime));
  const parts = new TransferParts(store, runtime, ports);
  const process = new TransferProcess(parts);
  const payer = (account: string) => requestOf(callerOf('payer', account));
  return {
    store,
    process,
    notices: [new TransferNotices(process), new TransferReturnNotices(process)],
    topUp: (account: string, input: TopUpFromBank['input']) =>
      new TopUpFromBankHandler(process).execute(new TopUpFromBank(payer(account), input)),
    withdraw: (account: string, input: WithdrawFromWallet['input']) =>
      new WithdrawFromWalletHandler(process).execute(new WithdrawFromWallet(payer(account), input)),
    ask: (account: string, input: RequestCollection['input']) =>
      new RequestCollectionHandler(parts).execute(new RequestCollection(payer(account), input)),
    look: (account: string, content: string) =>
      new CollectionByContentHandler(parts).execute(new CollectionByContent(payer(account), content)),
    confirm: (account: string, input: ConfirmCollection['input']) =>
      new ConfirmCollectionHandler(process).execute(new ConfirmCollection(payer(account), input)),
    /** With a holder: tier IV. Without: of demo money, which counts as tier II. */
    async wallet(account: string, amountFen = 0, tier: 'IV' | 'II' = 'II'): Promise<WalletId> {
      const holder = { institutionId: 'demo-bank-1', name: '学生0001', phone: '10000000001' };
      const opening = { idempotencyKey: 'open', label: 'main', ...(tier === 'IV' && { holder }) };
      const opened = await new OpenWalletHandler(store, runtime, true).execute(
        new OpenWallet(payer(account), opening),
      );
      if (!opened.accepted) throw new Error(opened.rejection.code);
      const walletId = opened.value.id;
      if (amountFen === 0) return walletId;
      const input = { idempotencyKey: 'fill', walletId, amount: fen(amountFen) };
      const filled = await new TopUpWalletHandler(store, runtime, true).execute(
        new TopUpWallet(payer(account), input),
      );
      if (!filled.accepted) throw new Error(filled.rejection.code);
      return walletId;
    },
    async state(walletId: WalletId): Promise<OpenWalletState> {
      const { state } = await store.load(walletAggregate, walletId);
      if (state.status === 'absent') throw new Error(`There is no wallet ${walletId}.`);
      return state;
    },
    async transfer(id: TransferId): Promise<KnownTransfer> {
      const { state } = await store.load(transferAggregate, id);
      if (state.status === 'absent') throw new Error(`There is no transfer ${id}.`);
      return state;
    },
    /** What the finisher does after a restart, here from the log itself. */
    async finishAll(): Promise<void> {
      for (const id of await transferIds(world.log)) await process.finishLeftBehind(id, FINISHER);
    },
  };
}

/** Every transfer of the log, oldest first. */
export async function transferIds(log: EventLog): Promise<readonly TransferId[]> {
  const begun = ['TransferRequested.v1', 'CollectionOffered.v1'];
  const events = await recordedEvents(log);
  return events
    .filter(({ type }) => begun.includes(type))
    .map(({ data }) => asId<'transfer'>(data['transferId'] as string));
}
