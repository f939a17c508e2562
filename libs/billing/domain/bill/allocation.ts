import type { FeeItemId } from '#libs/kernel/ids/index.js';
import { minimum, money, type Money } from '#libs/kernel/money/index.js';
import type { KnownBill } from './state.js';

/**
 * Spreads an amount over the items: by priority (1 first), then in the order of the bill, each up to what it still lacks.
 * A waiver is thereby borne by the items paid last.
 */
export function allocate(
  bill: Pick<KnownBill, 'items' | 'paidPerItem'>,
  amount: Money,
): { readonly feeItemId: FeeItemId; readonly amount: Money }[] {
  const parts: { feeItemId: FeeItemId; amount: Money }[] = [];
  let left = amount.amount;
  // Array#sort is stable: within one priority the order of the bill stays.
  for (const item of bill.items.length === 1
    ? bill.items
    : [...bill.items].sort((a, b) => a.priority - b.priority)) {
    if (left === 0n) break;
    const paid = bill.paidPerItem.find(({ feeItemId }) => feeItemId === item.feeItemId)?.amount ?? 0n;
    const lacking = money(amount.asset, item.amount.amount - paid);
    const part = minimum(lacking, money(amount.asset, left));
    if (part.amount <= 0n) continue;
    parts.push({ feeItemId: item.feeItemId, amount: part });
    left -= part.amount;
  }
  return parts;
}
