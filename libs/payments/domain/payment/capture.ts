import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import {
  compare,
  equals,
  posting,
  subtract,
  sum,
  type AccountPath,
  type Posting,
} from '#libs/kernel/money/index.js';
import { accounts, toOrganisations } from '../accounts.js';
import type { PaymentCaptured, PaymentCommand, PaymentEvent, PaymentRefusal } from './messages.js';
import { ended, notFound } from './refusals.js';
import type { AuthorisedPayment, InitiatedPayment, PaymentState } from './state.js';
import { isOutside } from './tender.js';

type Capture = Extract<PaymentCommand, { kind: 'capture' }>;

export function capture(command: Capture, state: PaymentState): Decision<PaymentEvent, PaymentRefusal> {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'captured':
      return accept();
    case 'refused':
    case 'failed':
      return ended('The payment was refused and cannot be captured.');
    case 'initiated':
      if (isOutside(state.tender)) throw new ImpossibleHistoryError('A capture that nobody has authorised.');
      return accept(captured(command, state));
    case 'authorised':
      return accept(captured(command, state));
    case 'authorising':
    case 'unknown':
      throw new ImpossibleHistoryError(`A capture of a payment that is ${state.status}.`);
  }
}

function captured(command: Capture, payment: InitiatedPayment | AuthorisedPayment): PaymentCaptured {
  const { bills, businessDate, at } = command;
  const { paymentId, total, charge, tender, funding } = payment;
  const amounts = bills.flatMap(({ amount, advance }) => (advance ? [amount, advance.amount] : [amount]));
  if (!equals(sum(total.asset, charge ? [...amounts, charge] : amounts), total)) {
    throw new ImpossibleHistoryError('A capture of another amount than the payer agreed to.');
  }
  const { into, from } = wayOf(payment, command);
  const postings = [...into, ...toPayees(from, payment, bills)];
  const change = tender.channel === 'cash' ? subtract(tender.tendered, total) : null;
  const reference = payment.status === 'authorised' ? payment.reference : undefined;
  const data = {
    paymentId,
    bills,
    ...(funding && { funding }),
    total,
    ...(charge && { charge }),
    ...(reference !== undefined && { reference }),
    change,
    businessDate,
    capturedAt: at,
    postings,
  };
  return { type: 'PaymentCaptured', data };
}

/** How the money gets here, and the account from which it goes on to the payees. */
function wayOf(
  { paymentId, tender, total }: InitiatedPayment | AuthorisedPayment,
  { cashier, businessDate }: Capture,
): { readonly into: readonly Posting[]; readonly from: AccountPath } {
  switch (tender.channel) {
    case 'wallet':
    case 'advance':
      return { into: [], from: accounts.hold(paymentId) };
    case 'cash': {
      if (compare(tender.tendered, total) < 0) throw new ImpossibleHistoryError('A capture of missing cash.');
      const drawer = accounts.drawer(cashier, businessDate);
      return { into: [posting(accounts.outside('cash'), drawer, total)], from: drawer };
    }
    case 'cheque':
    case 'pos':
    case 'transfer':
    case 'operator': {
      const clearing = accounts.clearing(tender.channel);
      return { into: [posting(accounts.outside(tender.channel), clearing, total)], from: clearing };
    }
    case 'offline':
      return { into: [], from: accounts.clearing('offline') };
    case 'suspense':
      return { into: [], from: accounts.suspense(tender.organisationId) };
    default:
      return assertNever(tender, 'tender');
  }
}

function toPayees(
  from: AccountPath,
  { charge, funding, total }: InitiatedPayment | AuthorisedPayment,
  bills: Capture['bills'],
): readonly Posting[] {
  if (funding) return [posting(from, accounts.fundingClearing, total)];
  const allocated = bills.filter(({ amount }) => amount.amount > 0n);
  const postings = toOrganisations(from, allocated);
  for (const { advance } of bills) {
    if (advance) postings.push(posting(from, accounts.advance(advance.advanceId), advance.amount));
  }
  if (charge) postings.push(posting(from, accounts.fees, charge));
  return postings;
}
