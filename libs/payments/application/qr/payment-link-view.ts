import type { BillPaymentSteps, BillPrice } from '#libs/billing/contract/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { PaymentLinkStatus } from '../../contract/index.js';
import type { KnownPaymentLink } from '../../domain/payment-link/index.js';
import { dueOn } from './payable-bills.js';

export interface LinkAsOfNow {
  readonly status: PaymentLinkStatus;
  readonly prices: readonly BillPrice[];
}

/** The link is used up when nothing is due on any of its bills, however that came about. */
export async function linkAsOfNow(
  link: KnownPaymentLink,
  steps: Pick<BillPaymentSteps, 'price'>,
  at: Instant,
): Promise<LinkAsOfNow> {
  switch (link.status) {
    case 'withdrawn':
      return { status: 'WITHDRAWN', prices: [] };
    case 'open':
      break;
    default:
      return assertNever(link.status, 'status of a payment link');
  }
  if (at >= link.expiresAt) return { status: 'EXPIRED', prices: [] };
  const found = await steps.price(link.tenant, link.bills, localDateOf(at));
  const prices = link.bills.map((billId) => found.get(billId)).filter((price) => price !== undefined);
  const paid = prices.every((price) => dueOn(price).amount <= 0n);
  return { status: paid ? 'USED_UP' : 'OPEN', prices };
}
