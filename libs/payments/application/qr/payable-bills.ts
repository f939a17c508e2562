import type { BillPaymentSteps, BillPrice } from '#libs/billing/contract/index.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { isUuid, type BillId, type OrganisationId, type TenantId } from '#libs/kernel/ids/index.js';
import { CNY, sum, zero, type Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

/** As many as one payment takes. */
const MOST_BILLS = 50;

export interface PayableBills {
  readonly bills: readonly BillPrice[];
  readonly total: Money;
}

type Refused = Rejection<'BILL_NOT_FOUND' | 'BILL_ALREADY_PAID' | 'TOO_MANY_BILLS' | 'DUPLICATE_BILL'>;

/** What is due on the bill today; nothing on one that takes no payment any more. */
export function dueOn({ status, due }: BillPrice): Money {
  return status === 'ISSUED' || status === 'PARTIALLY_PAID' ? due : zero(due.asset);
}

/**
 * The bills with what is due on them, if all are the organisation's and something is due on each.
 *
 * @throws InvalidInputError `NO_BILLS`
 */
export async function payableBills(
  steps: Pick<BillPaymentSteps, 'price'>,
  of: { readonly tenant: TenantId; readonly organisationId: OrganisationId; readonly today: LocalDate },
  billIds: readonly BillId[],
): Promise<Outcome<PayableBills, Refused>> {
  if (billIds.length === 0) {
    throw new InvalidInputError('NO_BILLS', 'At least one bill is named.', ['input', 'bills']);
  }
  if (billIds.length > MOST_BILLS) {
    const details = { limit: String(MOST_BILLS) };
    return refused({ code: 'TOO_MANY_BILLS', message: `At most ${MOST_BILLS} bills.`, details }, undefined);
  }
  const prices = await steps.price(of.tenant, billIds.filter(isUuid), of.today);
  const bills: BillPrice[] = [];
  for (const [index, billId] of billIds.entries()) {
    const price = prices.get(billId);
    if (!price || price.organisationId !== of.organisationId) {
      return refused({ code: 'BILL_NOT_FOUND', message: 'There is no such bill.' }, index);
    }
    const details = { billId };
    if (billIds.indexOf(billId) !== index) {
      return refused({ code: 'DUPLICATE_BILL', message: 'The bill is named twice.', details }, index);
    }
    if (dueOn(price).amount <= 0n) {
      return refused({ code: 'BILL_ALREADY_PAID', message: 'Nothing is due on the bill.', details }, index);
    }
    bills.push(price);
  }
  return { accepted: true, value: { bills, total: sum(CNY, bills.map(dueOn)) } };
}

function refused(rejection: Refused, index: number | undefined) {
  const path = ['input', 'bills', ...(index === undefined ? [] : [String(index)])];
  return { accepted: false, rejection: { ...rejection, path } } as const;
}
