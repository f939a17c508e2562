import { currencyOf, formatDecimal, money } from '#libs/kernel/money/index.js';
import type { KnownBill } from '../../domain/bill/index.js';

/** What the second person is shown and agrees to; the same whoever puts it together from the bill. */
export function payloadOf(
  { billId, number, asset }: Pick<KnownBill, 'billId' | 'number' | 'asset'>,
  { amount, reason }: Pick<KnownBill['writeOffs'][number], 'amount' | 'reason'>,
): Readonly<Record<string, string>> {
  return {
    billId,
    billNumber: number,
    amount: formatDecimal(money(asset, amount)),
    currency: currencyOf(asset),
    reason,
  };
}
