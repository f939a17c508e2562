import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { equals, money, type Money } from '#libs/kernel/money/index.js';
import { addDays } from '#libs/kernel/time/index.js';
import { lateFeePartOf } from './allocation.js';
import { duesOn, lastDayOf, type Dues } from './dues.js';
import type {
  BillEvent,
  BillLateFeeCharged,
  BillLateFeeWaived,
  BillRefusal,
  BillReserved,
  ReserveAmount,
} from './messages.js';
import { refuse } from './refusals.js';
import { freeOf, openLateFeeOf, shareOf, type BillState, type LateFee, type LiveBill } from './state.js';

type BillDecision = Decision<BillEvent, BillRefusal>;

/**
 * Promises an amount of what is due on the day of the price. Late fee up to that day is charged with it; where a quote is
 * honoured, what was charged for later days is waived.
 */
export function reserve(command: ReserveAmount, state: BillState): BillDecision {
  const { paymentId, tenant, organisationId, asOf } = command;
  if (state.status === 'absent' || state.tenant !== tenant) return refuse('BILL_NOT_FOUND');
  if (organisationId !== undefined && state.organisationId !== organisationId) {
    return refuse('BILL_NOT_FOUND');
  }
  if (shareOf(state.reservations, paymentId) || shareOf(state.allocations, paymentId)) return accept();
  if (shareOf(state.reversals, paymentId) || state.ended.includes(paymentId)) return refuse('PAYMENT_ENDED');
  if (state.status === 'cancelled') return refuse('BILL_CANCELLED', state.billId);
  if (state.status === 'writtenOff') return refuse('BILL_WRITTEN_OFF', state.billId);
  if (state.status === 'expired') return refuse('BILL_EXPIRED', state.billId);
  if (state.outstanding === 0n) return refuse('BILL_ALREADY_PAID', state.billId);
  const lastDay = lastDayOf(state);
  if (lastDay !== undefined && asOf > lastDay) return refuse('BILL_EXPIRED', state.billId);
  return reserveOn(command, state);
}

function reserveOn(command: ReserveAmount, bill: LiveBill): BillDecision {
  const { amount, quotedDue } = command;
  const dues = pricedFor(command, bill);
  if (quotedDue && !equals(quotedDue, money(bill.asset, dues.due))) {
    return refuse('QUOTE_STALE', bill.billId);
  }
  const asked = amount ?? money(bill.asset, dues.due);
  const priced = atPrice(command, bill, dues);
  const refusal = refusalOf(asked, priced.bill, dues);
  if (refusal) return refusal;
  return accept<BillEvent>(...priced.events, reservedBy(command, priced.bill, { asked: asked.amount, dues }));
}

/** Without a quote what is charged stays charged, whatever day the clock of the caller shows. */
function pricedFor({ asOf, quotedDue }: ReserveAmount, bill: LiveBill): Dues {
  const dues = duesOn(bill, asOf);
  if (!dues.earlier || quotedDue) return dues;
  const lateFee = openLateFeeOf(bill.lateFee);
  const { principal, rebate } = dues;
  return { principal, rebate, lateFee, due: principal + lateFee - rebate };
}

interface Priced {
  readonly events: readonly (BillLateFeeCharged | BillLateFeeWaived)[];
  /** The bill once those events are true. */
  readonly bill: LiveBill;
}

function atPrice({ paymentId }: ReserveAmount, bill: LiveBill, { accrual, earlier }: Dues): Priced {
  if (accrual) {
    const { from, to, principal } = accrual;
    const priced = withLateFee(bill, accrual.lateFee);
    const amount = money(bill.asset, accrual.lateFee.charged - bill.lateFee.charged);
    const data = { billId: bill.billId, amount, principal: money(bill.asset, principal), from, to };
    return {
      bill: priced,
      events: [{ type: 'BillLateFeeCharged', data: { ...data, ...figuresOf(priced) } }],
    };
  }
  if (earlier && earlier.charged < bill.lateFee.charged) {
    const priced = withLateFee(bill, earlier);
    const amount = money(bill.asset, bill.lateFee.charged - earlier.charged);
    const from = earlier.accruedTo ? addDays(earlier.accruedTo, 1) : bill.lateFee.periods[0]!.from;
    const data = { billId: bill.billId, paymentId, amount, from, to: bill.lateFee.accruedTo! };
    return { bill: priced, events: [{ type: 'BillLateFeeWaived', data: { ...data, ...figuresOf(priced) } }] };
  }
  return { bill, events: [] };
}

function withLateFee(bill: LiveBill, lateFee: LateFee): LiveBill {
  return { ...bill, lateFee, outstanding: bill.outstanding + lateFee.charged - bill.lateFee.charged };
}

function figuresOf({ asset, lateFee, outstanding }: LiveBill) {
  return { lateFeeAfter: money(asset, lateFee.charged), outstandingAfter: money(asset, outstanding) };
}

function refusalOf({ asset, amount }: Money, bill: LiveBill, { due, rebate }: Dues) {
  const outstanding = money(bill.asset, due);
  const { partialAllowed, minimumPartial, advanceAllowed } = bill.policy;
  if (asset !== bill.asset || amount <= 0n || (amount > due && advanceAllowed !== true)) {
    return refuse('AMOUNT_EXCEEDS_OUTSTANDING', bill.billId, { outstanding });
  }
  const free = freeOf(bill);
  const taken = amount < due ? amount : due + rebate;
  if (free.lateFee < 0n || free.principal < 0n || taken > free.lateFee + free.principal) {
    return refuse('BILL_RESERVED', bill.billId);
  }
  if (amount < due && (!partialAllowed || amount < minimumPartial.amount)) {
    return refuse('PARTIAL_NOT_ALLOWED', bill.billId, { minimum: minimumPartial, outstanding });
  }
  return undefined;
}

function reservedBy(
  { paymentId }: ReserveAmount,
  bill: LiveBill,
  { asked, dues }: { readonly asked: bigint; readonly dues: Dues },
): BillReserved {
  const minor = asked < dues.due ? asked : dues.due;
  const whole = minor === dues.due;
  const lateFee = whole ? dues.lateFee : lateFeePartOf(bill, minor);
  return {
    type: 'BillReserved',
    data: {
      billId: bill.billId,
      paymentId,
      amount: money(bill.asset, minor),
      reservedAfter: money(bill.asset, bill.reserved + minor),
      ...(lateFee > 0n ? { lateFee: money(bill.asset, lateFee) } : {}),
      ...(whole && dues.rebate > 0n ? { rebate: money(bill.asset, dues.rebate) } : {}),
      ...(asked > minor ? { advance: money(bill.asset, asked - minor) } : {}),
    },
  };
}
