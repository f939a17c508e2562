import type { Approvals } from './approvals.js';
import {
  amountOf,
  type ExportedEvent,
  idIn,
  isRecord,
  minorOf,
  nameOf,
  recordsOf,
  textOf,
} from './export.js';
import { postingsOf } from './ledger.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import type { RefundFences } from './refund-fences.js';
import { Verdict } from './verdict.js';

type Status = 'requested' | 'approved' | 'sent' | 'returned' | 'rejected';

export interface FoldedRefund {
  readonly id: string;
  readonly tenant: string;
  readonly paymentId: string;
  readonly organisationId: string;
  readonly kind: 'refund' | 'receiptCancel' | 'dishonour' | 'contract';
  readonly asset: string;
  readonly minor: bigint;
  readonly makerPerson: string;
  readonly approvalNeeded: boolean;
  status: Status;
  sentAt: string;
  complete: boolean;
  cameBack: boolean;
  /** The bank has given it back although it had refused to. */
  paidAfterAll: boolean;
}

const STEPS: Readonly<Record<string, { readonly from: readonly Status[]; readonly to?: Status }>> = {
  RefundApproved: { from: ['requested'], to: 'approved' },
  RefundSent: { from: ['approved'], to: 'sent' },
  RefundReturned: { from: ['sent'], to: 'returned' },
  RefundRejected: { from: ['requested', 'approved', 'sent'], to: 'rejected' },
  RefundCompleted: { from: ['returned', 'rejected'] },
  RefundCameBack: { from: ['returned'] },
  RefundPaidAfterAll: { from: ['rejected'] },
};

/** Above it a plain refund needs a second person, fen; the product's policy since its first day. */
const WITHOUT_CHECKER_FEN = 50_000n;

/** Refunds: forward only, never without the second person where one is needed, never without the payment's fence. */
export class Refunds {
  readonly lifecycle = new Verdict(
    'I4',
    'a refund goes forward only, and moves the amount that was asked for',
  );
  readonly approved = new Verdict('approvals', 'a refund that needs a second person was approved by one');
  readonly refunds = new Map<string, FoldedRefund>();

  constructor(
    private readonly payments: Payments,
    private readonly fences: RefundFences,
    private readonly approvals: Approvals,
  ) {}

  observe(event: ExportedEvent): void {
    const id = idIn('refund', event.stream);
    if (id === undefined) return;
    const name = nameOf(event.type);
    const refund = this.refunds.get(id);
    if (name === 'RefundRequested') {
      this.lifecycle.expect(!refund, () => `${at(event)}: requested twice`);
      if (!refund) this.refunds.set(id, this.#requested(id, event));
      return;
    }
    const step = STEPS[name];
    const again: Readonly<Record<string, boolean | undefined>> = {
      RefundCompleted: refund?.complete,
      RefundCameBack: refund?.cameBack,
      RefundPaidAfterAll: refund?.paidAfterAll || refund?.sentAt === '',
    };
    const once = again[name] !== true;
    const allowed = once && refund !== undefined && step !== undefined && step.from.includes(refund.status);
    this.lifecycle.expect(
      allowed,
      () => `${at(event)}: of a refund that is ${refund?.status ?? 'not known'}`,
    );
    if (!refund || !step || !allowed) return;
    this.lifecycle.expect(
      postingsOf(event).every(({ minor, asset }) => minor === refund.minor && asset === refund.asset),
      () => `${at(event)}: another amount than ${refund.minor}`,
    );
    this.#step(refund, name, event);
    refund.status = step.to ?? refund.status;
  }

  #step(refund: FoldedRefund, name: string, event: ExportedEvent): void {
    if (name === 'RefundApproved') this.#checked(refund, event);
    if (name === 'RefundSent') {
      refund.sentAt = textOf(event.data['sentAt']);
      this.#sent(refund, event);
    }
    if (name === 'RefundCompleted') refund.complete = true;
    if (name === 'RefundCameBack') refund.cameBack = true;
    if (name === 'RefundPaidAfterAll') refund.paidAfterAll = true;
  }

  /** Out of what the payment has set aside; a contract's payout is in clearing already. */
  #sent(refund: FoldedRefund, event: ExportedEvent): void {
    if (refund.kind === 'contract') {
      const right = postingsOf(event).every(({ source }) => source === 'clearing:payout');
      this.lifecycle.expect(right, () => `${at(event)}: money from elsewhere than the payout`);
      return;
    }
    const held = this.fences.heldBy(refund.paymentId, refund.id);
    this.lifecycle.expect(held === refund.minor, () => `${at(event)}: the payment has set ${held} aside`);
  }

  #checked(refund: FoldedRefund, event: ExportedEvent): void {
    const { checker } = event.data;
    const person = isRecord(checker) ? textOf(checker['personId']) : '';
    const used = this.approvals.usedFor(`refund-${refund.id}`);
    const two = person !== '' && person !== refund.makerPerson && used?.checkerPerson === person;
    this.approved.expect(
      refund.approvalNeeded ? two : person === '' || two,
      () => `${at(event)}: by ${person || 'nobody'}, asked for by ${refund.makerPerson}`,
    );
  }

  #requested(id: string, event: ExportedEvent): FoldedRefund {
    const { data } = event;
    const amount = amountOf(data['amount']);
    const payment = this.payments.payments.get(textOf(data['paymentId']));
    const lines = recordsOf(data['lines']).reduce((sum, line) => sum + minorOf(line['amount']), 0n);
    const minor = amount?.minor ?? 0n;
    this.lifecycle.expect(
      minor > 0n && lines === minor && payment?.status === 'captured' && payment.asset === amount?.asset,
      () =>
        `${at(event)}: ${lines} on lines of ${minor}, of a payment that is ${payment?.status ?? 'not known'}`,
    );
    const needed = data['approvalNeeded'] === true;
    const funds = (payment?.funds ?? '') !== '';
    this.lifecycle.expect(
      (data['refundKind'] === 'contract') === funds,
      () => `${at(event)}: of a payment that ${funds ? 'funds a contract' : 'pays bills'}`,
    );
    const plain =
      data['refundKind'] === 'contract' || (data['refundKind'] === 'refund' && minor <= WITHOUT_CHECKER_FEN);
    this.approved.expect(needed || plain, () => `${at(event)}: ${minor} without a second person`);
    const kind = data['refundKind'];
    return {
      id,
      tenant: textOf(data['tenant']),
      paymentId: textOf(data['paymentId']),
      organisationId: textOf(data['organisationId']),
      kind: kind === 'receiptCancel' || kind === 'dishonour' || kind === 'contract' ? kind : 'refund',
      asset: amount?.asset ?? '?',
      minor,
      makerPerson: isRecord(data['maker']) ? textOf(data['maker']['personId']) : '',
      approvalNeeded: needed,
      status: 'requested',
      sentAt: '',
      complete: false,
      cameBack: false,
      paidAfterAll: false,
    };
  }
}
