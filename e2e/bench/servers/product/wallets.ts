import type { CommandBus } from '@nestjs/cqrs';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { OpenWallet, TopUpWallet } from '#libs/payments/contract/index.js';
import { inFlight } from '../../harness/in-flight.js';
import { accepted } from './accepted.js';
import { payer } from './callers.js';

/** Fen put into each: the most that one top-up may bring, 1,000,000 yuan, pays 709 bills. */
const TOP_UP_FEN = 100_000_000n;

/** Wallets of one payer, with money in them. */
export async function fillWallets(commands: CommandBus, count: number): Promise<readonly WalletId[]> {
  const context = payer();
  const wallets: WalletId[] = [];
  await inFlight(count, 64, async (index) => {
    const opening = { idempotencyKey: `bench-wallet-${index}`, label: `bench-${index}` };
    const { id } = accepted(await commands.execute(new OpenWallet(context, opening)), 'open a wallet');
    const input = { idempotencyKey: `bench-top-up-${index}`, walletId: id, amount: money(CNY, TOP_UP_FEN) };
    accepted(await commands.execute(new TopUpWallet(context, input)), 'top up a wallet');
    wallets[index] = id;
  });
  return wallets;
}
