import { CNY, type Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { RefundKind } from '../../domain/refund/index.js';
import { REFUND_POLICY } from './refund-policy.data.js';

/** Whatever voids a receipt needs two persons; plain refunds above the limit of the day. */
export function needsSecondPerson(kind: RefundKind, amount: Money, on: LocalDate): boolean {
  if (kind !== 'refund' || amount.asset !== CNY) return true;
  const rule = REFUND_POLICY.findLast(({ from }) => from <= on);
  return rule === undefined || amount.amount > rule.withoutCheckerFen;
}
