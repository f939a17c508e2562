import type { Outcome } from '#libs/kernel/errors/index.js';
import { asId, type PaymentId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { walletAggregate } from '../../codec/index.js';
import { WALLET_CLEARING, type KnownTransfer, type TransferFailure } from '../../domain/transfer/index.js';
import type { WalletCommand, WalletRefusal } from '../../domain/wallet/index.js';
import { stepContext, type Mover, type TransferParts } from './parts.js';

const DONE = { accepted: true, value: undefined } as const;
const PATH = ['input', 'walletId'];

/**
 * Promises the payer's money to the transfer. Only what goes to other people counts against the limits of payments: drawing one's
 * own money to one's own bank account is none.
 */
export async function holdMoney(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
): Promise<Outcome<undefined, TransferFailure>> {
  const { tenant, from, amount, kind } = transfer;
  const businessDate = localDateOf(parts.runtime.clock.now());
  const counted = kind === 'personal' && {
    limits: await parts.ports.limits.on(tenant, businessDate),
    businessDate,
  };
  const command: WalletCommand = {
    kind: 'hold',
    tenant,
    owner: from!.owner,
    paymentId: holdIdOf(transfer),
    amount,
    ...counted,
  };
  const context = stepContext(parts, transfer, mover, 'hold');
  const result = await parts.store.run(walletAggregate, from!.walletId, command, context);
  return result.accepted ? DONE : { accepted: false, rejection: failureOf(result.rejection) };
}

export async function releaseMoney(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
): Promise<void> {
  const { from } = transfer;
  if (!from) return;
  const command: WalletCommand = { kind: 'release', paymentId: holdIdOf(transfer) };
  const context = stepContext(parts, transfer, mover, 'release');
  await parts.store.run(walletAggregate, from.walletId, command, context);
}

export async function spendMoney(parts: TransferParts, transfer: KnownTransfer, mover: Mover): Promise<void> {
  const { from } = transfer;
  if (!from) return;
  const command: WalletCommand = { kind: 'spend', paymentId: holdIdOf(transfer) };
  const context = stepContext(parts, transfer, mover, 'spend');
  const result = await parts.store.run(walletAggregate, from.walletId, command, context);
  if (!result.accepted) throw new Error(`Wallet ${from.walletId} refused to spend a hold.`);
}

/** What was taken, into the wallet it is for; the limit of what that wallet may hold counts. */
export async function creditMoney(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
): Promise<Outcome<undefined, TransferFailure>> {
  const { tenant, to, amount, kind, transferId } = transfer;
  const limits = await parts.ports.limits.on(tenant, localDateOf(parts.runtime.clock.now()));
  const source = kind === 'topUp' ? 'clearing:operator' : WALLET_CLEARING;
  const command: WalletCommand = {
    kind: 'credit',
    tenant,
    creditId: `transfer-${transferId}`,
    amount,
    source,
    limits,
  };
  const context = stepContext(parts, transfer, mover, 'credit');
  const result = await parts.store.run(walletAggregate, to!.walletId, command, context);
  return result.accepted ? DONE : { accepted: false, rejection: failureOf(result.rejection) };
}

/** Back to the payer; no limit keeps anybody's own money from them. */
export async function creditBack(
  parts: TransferParts,
  transfer: KnownTransfer,
  mover: Mover,
  source: string,
): Promise<void> {
  const { tenant, from, amount, transferId } = transfer;
  const creditId = `transferBack-${transferId}`;
  const command: WalletCommand = { kind: 'credit', tenant, creditId, amount, source };
  const context = stepContext(parts, transfer, mover, 'creditBack');
  const result = await parts.store.run(walletAggregate, from!.walletId, command, context);
  if (!result.accepted)
    throw new Error(`Wallet ${from!.walletId} refused its own money: ${result.rejection.code}.`);
}

/** The hold bears the transfer's id, as a payment's bears the payment's. */
function holdIdOf({ transferId }: KnownTransfer): PaymentId {
  return asId<'payment'>(transferId);
}

function failureOf({ code, message, details }: WalletRefusal): TransferFailure {
  const path = code === 'WALLET_NOT_FOUND' || code === 'WALLET_FROZEN' ? PATH : ['input', 'amount'];
  return details ? { code, message, path, details } : { code, message, path };
}
