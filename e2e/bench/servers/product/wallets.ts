import type { CommandBus } from '@nestjs/cqrs';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { OpenWallet, TopUpWallet, UpgradeWallet } from '#libs/payments/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { inFlight } from '../../harness/in-flight.js';
import { accepted } from './accepted.js';
import { payer } from './callers.js';

/** Fen put into each: the most that one top-up may bring, 1,000,000 yuan, pays 709 bills. */
export const TOP_UP_FEN = 100_000_000n;

/** Nobody's: region 999999 does not exist and the check digit is wrong. */
const IDENTITY = {
  identityName: '学生0001',
  identityNumber: '999999199001010017',
  bankAccount: 'bench-account',
  counterReference: 'bench-counter',
} as const;

/** Wallets of one payer with money in them, of tier I: it has no limits. */
export async function fillWallets(commands: CommandBus, count: number): Promise<readonly WalletId[]> {
  const context = payer();
  const wallets: WalletId[] = [];
  await inFlight(count, 64, async (index) => {
    const walletId = await openWallet(commands, context, `bench-${index}`);
    await liftLimits(commands, context, walletId);
    await topUp(commands, context, { walletId, key: `bench-top-up-${index}` });
    wallets[index] = walletId;
  });
  return wallets;
}

/** Of tier II, as every wallet of demo money begins. */
export async function openWallet(
  commands: CommandBus,
  context: RequestContext,
  label: string,
): Promise<WalletId> {
  const opening = { idempotencyKey: `open-${label}`, label };
  return accepted(await commands.execute(new OpenWallet(context, opening)), 'open a wallet').id;
}

/** Up to tier I. */
export async function liftLimits(
  commands: CommandBus,
  context: RequestContext,
  walletId: WalletId,
): Promise<void> {
  const input = { idempotencyKey: `upgrade-${walletId}`, walletId, tier: 'I', ...IDENTITY } as const;
  accepted(await commands.execute(new UpgradeWallet(context, input)), 'upgrade a wallet');
}

/** Adds `TOP_UP_FEN`. */
export async function topUp(
  commands: CommandBus,
  context: RequestContext,
  { walletId, key }: { readonly walletId: WalletId; readonly key: string },
): Promise<void> {
  const input = { idempotencyKey: key, walletId, amount: money(CNY, TOP_UP_FEN) };
  accepted(await commands.execute(new TopUpWallet(context, input)), 'top up a wallet');
}
