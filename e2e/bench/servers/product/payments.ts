import type { CommandBus } from '@nestjs/cqrs';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { PayBills } from '#libs/payments/contract/index.js';
import { inFlight } from '../../harness/in-flight.js';
import { accepted } from './accepted.js';
import { BILL_FEN } from './bills.js';
import { payer } from './callers.js';

/** Pays each bill from a wallet, without HTTP: for a log of realistic events. */
export async function payAll(
  commands: CommandBus,
  bills: readonly BillId[],
  wallets: readonly WalletId[],
): Promise<void> {
  const context = payer();
  await inFlight(bills.length, 64, async (index) => {
    const billId = bills[index]!;
    const input = {
      idempotencyKey: `bench-pay-${billId}`,
      bills: [{ billId }],
      expectedTotal: money(CNY, BILL_FEN),
      method: { channel: 'wallet', walletId: wallets[index % wallets.length]! },
    } as const;
    accepted(await commands.execute(new PayBills(context, input)), 'pay a bill');
  });
}
