import type { FeeItemId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import type { BillItem, ItemPart } from './messages.js';
import { freeOf, type KnownBill, type Note } from './state.js';

interface Sheet {
  readonly asset: Asset;
  readonly items: readonly BillItem[];
  readonly notes: readonly Note[];
  readonly paidPerItem: KnownBill['paidPerItem'];
}

/**
 * Spreads principal over the items: credits first, which lets what they are worth pay for others; then by priority (1 first)
 * and in the order of the bill, each up to what it still lacks. A waiver, a rebate or what lapsed is thereby borne by the items
 * paid last.
 */
export function allocate(bill: Sheet, principal: bigint): readonly ItemPart[] {
  const parts: ItemPart[] = [];
  let left = principal;
  const take = (feeItemId: FeeItemId, amount: bigint): void => {
    parts.push({ feeItemId, amount: money(bill.asset, amount) });
    left -= amount;
  };
  for (const item of inOrder(bill.items)) {
    if (left === 0n) break;
    const lacking = lackingOf(bill, item);
    // Credits come first in the order, so that all of them are taken with the first payment of principal.
    if (lacking < 0n) take(item.feeItemId, lacking);
    else if (lacking > 0n) take(item.feeItemId, lacking < left ? lacking : left);
  }
  if (parts.length === 0) take(bill.items[0]!.feeItemId, 0n);
  return parts;
}

/** The items a debit note raises or a credit note lowers; undefined when the items do not bear it. */
export function spreadNote(
  bill: Sheet,
  amount: bigint,
  feeItemId: FeeItemId | undefined,
): readonly ItemPart[] | undefined {
  const charges = inOrder(bill.items)
    .filter((item) => item.amount.amount > 0n)
    .reverse();
  const items = feeItemId === undefined ? charges : charges.filter((item) => item.feeItemId === feeItemId);
  if (items.length === 0) return undefined;
  if (amount > 0n) return [{ feeItemId: items[0]!.feeItemId, amount: money(bill.asset, amount) }];
  const parts: ItemPart[] = [];
  let left = -amount;
  for (const item of items) {
    const lacking = lackingOf(bill, item);
    const part = lacking < left ? lacking : left;
    if (part <= 0n) continue;
    parts.push({ feeItemId: item.feeItemId, amount: money(bill.asset, -part) });
    left -= part;
  }
  return left === 0n ? parts : undefined;
}

/** What of an amount pays late fee; the rest is principal. At most what no reservation speaks for. */
export function lateFeePartOf(bill: KnownBill, amount: bigint): bigint {
  if (bill.lateFee.charged === 0n) return 0n;
  const free = freeOf(bill);
  if (bill.policy.lateFee?.order === 'principalFirst') {
    return amount > free.principal ? amount - free.principal : 0n;
  }
  return amount < free.lateFee ? amount : free.lateFee;
}

export function addParts(
  before: KnownBill['paidPerItem'],
  parts: readonly ItemPart[],
): KnownBill['paidPerItem'] {
  const sums = new Map(before.map(({ feeItemId, amount }) => [feeItemId, amount]));
  for (const { feeItemId, amount } of parts) {
    sums.set(feeItemId, (sums.get(feeItemId) ?? 0n) + amount.amount);
  }
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .map(([feeItemId, amount]) => ({ feeItemId, amount }));
}

export function sumOf(parts: readonly ItemPart[]): bigint {
  return parts.reduce((sum, { amount }) => sum + amount.amount, 0n);
}

/** The amount of the item with its notes. */
export function chargeOf({ notes }: Pick<Sheet, 'notes'>, { feeItemId, amount }: BillItem): bigint {
  let charge = amount.amount;
  for (const { perItem } of notes) {
    for (const part of perItem) if (part.feeItemId === feeItemId) charge += part.amount.amount;
  }
  return charge;
}

function lackingOf(bill: Sheet, item: BillItem): bigint {
  const paid = bill.paidPerItem.find(({ feeItemId }) => feeItemId === item.feeItemId)?.amount ?? 0n;
  return chargeOf(bill, item) - paid;
}

/** Array#sort is stable: within one priority the order of the bill stays. */
function inOrder(items: readonly BillItem[]): readonly BillItem[] {
  if (items.length === 1) return items;
  return [...items].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ amount, priority }: BillItem): number {
  return amount.amount < 0n ? -1 : priority;
}
