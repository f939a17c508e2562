import { moneyOfCapture } from './captures.js';
import { amountOf, type ExportedEvent, idIn, isRecord, minorOf, nameOf, textOf } from './export.js';
import type { FoldedPayment } from './folded-payment.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

type Status = FoldedPayment['status'];

const ANY_STEP: readonly Status[] = ['authorising', 'unknown'];

/** What each event of a payment may follow, and what it leads to; without `to` the status stays. */
const STEPS: Readonly<Record<string, { readonly from: readonly Status[]; readonly to?: Status }>> = {
  PaymentAuthorisationSought: { from: ['initiated'], to: 'authorising' },
  PaymentInstructed: { from: ANY_STEP },
  PaymentOutcomeUnknown: { from: ['authorising'], to: 'unknown' },
  PaymentAuthorised: { from: ANY_STEP, to: 'authorised' },
  PaymentCaptured: { from: ['initiated', 'authorised'], to: 'captured' },
  PaymentRefused: { from: ['initiated', ...ANY_STEP], to: 'refused' },
  PaymentFailed: { from: ['refused'], to: 'failed' },
  PaymentLateSuccessRecorded: { from: ['refused', 'failed'] },
  PaymentReturnSought: { from: ['refused', 'failed'] },
  PaymentLateSuccessReturned: { from: ['refused', 'failed'] },
  PaymentLateSuccessReallocated: { from: ['refused', 'failed'] },
  PaymentRefundHeld: { from: ['captured'] },
  PaymentRefundReleased: { from: ['captured'] },
  PaymentRefunded: { from: ['captured'] },
};

const LATE: Readonly<
  Record<string, { readonly from: FoldedPayment['late']; readonly to: FoldedPayment['late'] }>
> = {
  PaymentLateSuccessRecorded: { from: 'none', to: 'inSuspense' },
  PaymentReturnSought: { from: 'inSuspense', to: 'returning' },
  PaymentLateSuccessReturned: { from: 'returning', to: 'returned' },
  PaymentLateSuccessReallocated: { from: 'inSuspense', to: 'reallocated' },
};

/** I2 and I4 on payments. */
export class Payments {
  readonly lifecycle = new Verdict('I4', 'a payment goes forward only: captured and failed are for good');
  readonly oneEffect = new Verdict(
    'I2',
    'a payment moves its money once: as much as agreed, to whom the bills say',
  );
  readonly payments = new Map<string, FoldedPayment>();

  observe(event: ExportedEvent): void {
    const id = idIn('payment', event.stream);
    if (id === undefined) return;
    const payment = this.payments.get(id);
    const name = nameOf(event.type);
    if (name === 'PaymentInitiated') {
      this.lifecycle.expect(payment === undefined, () => `${at(event)}: initiated twice`);
      if (!payment) this.payments.set(id, initiated(id, event));
      return;
    }
    const step = STEPS[name];
    const allowed = step !== undefined && payment !== undefined && step.from.includes(payment.status);
    this.lifecycle.expect(
      allowed,
      () => `${at(event)}: of a payment that is ${payment?.status ?? 'not known'}`,
    );
    if (!payment || !step) return;
    if (name === 'PaymentCaptured') this.#captured(payment, event);
    // A step that is not allowed changes nothing here, so that what follows is judged by what was right.
    if (!allowed) return;
    if (name === 'PaymentAuthorisationSought') {
      payment.sought = true;
      payment.expiresAt = textOf(event.data['expiresAt']);
    }
    this.#late(payment, name, event);
    payment.status = step.to ?? payment.status;
  }

  #late(payment: FoldedPayment, name: string, event: ExportedEvent): void {
    const step = LATE[name];
    if (!step) return;
    const inTime = payment.late === step.from && payment.sought;
    this.lifecycle.expect(inTime, () => `${at(event)}: with money that is ${payment.late}`);
    if (event.data['amount'] !== undefined) {
      const amount = amountOf(event.data['amount']);
      this.oneEffect.expect(
        amount?.minor === payment.total && amount.asset === payment.asset,
        () => `${at(event)}: ${amount?.minor} of a payment of ${payment.total}`,
      );
    }
    if (inTime) payment.late = step.to;
  }

  #captured(payment: FoldedPayment, event: ExportedEvent): void {
    this.oneEffect.expect(payment.status !== 'captured', () => `${at(event)}: captured twice`);
    const outside = payment.channel === 'operator' || payment.channel === 'transfer';
    this.oneEffect.expect(
      !outside || payment.status !== 'initiated',
      () => `${at(event)}: that no institution has authorised`,
    );
    const bills = moneyOfCapture(event, payment, this.oneEffect);
    if (payment.status !== 'captured' && bills) payment.bills = bills;
  }
}

function initiated(id: string, event: ExportedEvent): FoldedPayment {
  const { data, metadata } = event;
  const total = amountOf(data['total']);
  const tender = isRecord(data['tender']) ? data['tender'] : {};
  return {
    id,
    tenant: textOf(data['tenant']) || textOf(metadata['tenant']),
    account: textOf(data['account']),
    status: 'initiated',
    channel: textOf(tender['channel']) || '?',
    tender,
    asset: total?.asset ?? '?',
    total: total?.minor ?? 0n,
    charge: minorOf(data['charge']),
    initiatedAt: textOf(data['initiatedAt']),
    funds: isRecord(data['funding']) ? textOf(data['funding']['contractId']) : '',
    quoteId: isRecord(data['quote']) ? textOf(data['quote']['quoteId']) : undefined,
    bills: [],
    sought: false,
    expiresAt: '',
    late: 'none',
  };
}
