/** Money back: payments by every channel with the real sandbox bank, approvals and cases, and processes that may die. */
import { ApprovalDesk } from '#libs/approvals/application/approval-desk.js';
import { DecideApprovalHandler } from '#libs/approvals/application/decide-approval.js';
import { approvalAggregate } from '#libs/approvals/codec/index.js';
import { DecideApproval } from '#libs/approvals/contract/index.js';
import { CaseDesk } from '#libs/cases/application/case-desk.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { asId, type BillId, type PaymentId, type RefundId } from '#libs/kernel/ids/index.js';
import { CancelReceiptHandler } from '#libs/payments/application/refund/cancel-receipt.js';
import { ConfirmRefundHandler } from '#libs/payments/application/refund/confirm-refund.js';
import { DishonourChequeHandler } from '#libs/payments/application/refund/dishonour-cheque.js';
import { RefundApprovals } from '#libs/payments/application/refund/refund-approvals.js';
import { RefundNotices } from '#libs/payments/application/refund/refund-notices.js';
import { RefundProcess } from '#libs/payments/application/refund/refund-process.js';
import { RequestRefundHandler } from '#libs/payments/application/refund/request-refund.js';
import { WithdrawRefundHandler } from '#libs/payments/application/refund/withdraw-refund.js';
import { refundAggregate } from '#libs/payments/codec/index.js';
import {
  CancelReceipt,
  ConfirmRefund,
  DishonourCheque,
  refundApprovalIdOf,
  RequestRefund,
  WithdrawRefund,
} from '#libs/payments/contract/refunds.js';
import type { PaymentMethod } from '#libs/payments/contract/index.js';
import type { ReceiptPlaces } from '#libs/payments/domain/receipt-book/index.js';
import type { KnownRefund } from '#libs/payments/domain/refund/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, recordedEvents, requestOf, SCHOOL, TENANT } from './callers.js';
import { finishOne, outsideWorld, settled, type OutsideWorld } from './outside-world.js';
import { accepted } from './payment-fixture.js';
import { fen, type PaymentNode } from './payment-world.js';

/** Long enough for a busy machine: in these specs nobody waits for an answer that never comes. */
export const refundWorld = (): Promise<OutsideWorld> => outsideWorld(0, 5_000);

export const BURSAR = callerOf('bursar', 'bursar-1', SCHOOL);
export const SUPERVISOR = callerOf('supervisor', 'supervisor-1', SCHOOL);
const FINISHER = { actor: 'system:refund-finisher', correlationId: 'finisher' };

/** One process that pays and pays back. */
export interface RefundNode {
  readonly at: OutsideWorld;
  readonly payments: PaymentNode;
  readonly process: RefundProcess;
  readonly notices: RefundNotices;
  request(
    input: Omit<RequestRefund['input'], 'idempotencyKey' | 'reason'> & {
      readonly key?: string;
      readonly reason?: string;
    },
    caller?: Caller,
  ): ReturnType<RequestRefundHandler['execute']>;
  cancelReceipt(
    receiptId: string,
    caller?: Caller,
    key?: string,
  ): ReturnType<CancelReceiptHandler['execute']>;
  dishonour(paymentId: PaymentId, caller?: Caller): ReturnType<DishonourChequeHandler['execute']>;
  confirm(
    refundId: RefundId,
    of?: { readonly reference?: string; readonly caller?: Caller; readonly key?: string },
  ): ReturnType<ConfirmRefundHandler['execute']>;
  withdraw(refundId: RefundId, caller?: Caller): ReturnType<WithdrawRefundHandler['execute']>;
  /** A second person decides; the refund is told unless `silently`, as when the process dies at that moment. */
  decide(
    refundId: RefundId,
    grant: boolean,
    of?: { readonly caller?: Caller; readonly silently?: boolean; readonly comment?: string },
  ): Promise<void>;
  refundOf(refundId: RefundId): Promise<KnownRefund>;
}

export function refundNode(at: OutsideWorld, log: EventLog = at.world.log): RefundNode {
  const payments = at.node(log);
  const { store, bills } = payments;
  const { runtime, external } = at.world;
  const approvals = new ApprovalDesk(store, runtime);
  const parts = { store, bills, approvals, cases: new CaseDesk(store, runtime), channel: external, runtime };
  const process = new RefundProcess(parts);
  const notices = new RefundNotices(process);
  at.bank.bind([...payments.notices, notices]);
  const handlers = {
    request: new RequestRefundHandler(process),
    cancel: new CancelReceiptHandler(process, placesIn(at.world.log)),
    dishonour: new DishonourChequeHandler(process),
    confirm: new ConfirmRefundHandler(process),
    withdraw: new WithdrawRefundHandler(process),
    decide: new DecideApprovalHandler(store, runtime),
  };
  const waiter = new RefundApprovals(process);
  const reason = '重复缴费';
  return {
    at,
    payments,
    process,
    notices,
    request: ({ key = 'refund-1', ...input }, caller = BURSAR) =>
      handlers.request.execute(
        new RequestRefund(requestOf(caller), { reason, ...input, idempotencyKey: key }),
      ),
    cancelReceipt: (receiptId, caller = BURSAR, idempotencyKey = 'cancel-1') =>
      handlers.cancel.execute(new CancelReceipt(requestOf(caller), { idempotencyKey, receiptId, reason })),
    dishonour: (paymentId, caller = BURSAR) =>
      handlers.dishonour.execute(
        new DishonourCheque(requestOf(caller), { idempotencyKey: 'dishonour-1', paymentId, reason }),
      ),
    confirm: (refundId, { reference = 'R-1', caller = BURSAR, key = 'confirm-1' } = {}) =>
      handlers.confirm.execute(
        new ConfirmRefund(requestOf(caller), { idempotencyKey: key, refundId, reference }),
      ),
    withdraw: (refundId, caller = BURSAR) =>
      handlers.withdraw.execute(
        new WithdrawRefund(requestOf(caller), { idempotencyKey: 'withdraw-1', refundId, reason }),
      ),
    async decide(refundId, grant, { caller = SUPERVISOR, silently = false, comment = '已核对' } = {}) {
      const approvalId = refundApprovalIdOf(refundId);
      const { state } = await store.load(approvalAggregate, approvalId);
      if (state.status === 'absent') throw new Error(`Nobody was asked for refund ${refundId}.`);
      const input = { approvalId, payloadHash: state.payloadHash, grant, comment };
      const decided = await handlers.decide.execute(new DecideApproval(requestOf(caller), input));
      if (!decided.accepted) throw new Error(decided.rejection.code);
      if (silently) return;
      const { kind, subject } = state;
      const { accountId, personId } = caller;
      const checker = { accountId, personId };
      const decision = { approvalId, kind, subject, tenant: TENANT, granted: grant, checker, comment };
      await waiter.decided({ ...decision, correlationId: 'decision' });
      await process.finish(refundId, FINISHER);
    },
    async refundOf(refundId) {
      const { state } = await store.load(refundAggregate, refundId);
      if (state.status === 'absent') throw new Error(`There is no refund ${refundId}.`);
      return state;
    },
  };
}

/** Where a receipt belongs, from the log itself. */
function placesIn(log: EventLog): ReceiptPlaces {
  return {
    async find(_tenant, receiptId) {
      const issued = (await recordedEvents(log)).find(
        ({ type, data }) => type.startsWith('ReceiptIssued.') && data['receiptId'] === receiptId,
      );
      if (!issued) return undefined;
      const { paymentId, organisationId } = issued.data as Record<string, string>;
      return {
        receiptId,
        paymentId: asId<'payment'>(paymentId!),
        organisationId: asId<'organisation'>(organisationId!),
      };
    },
  };
}

/** What the finisher does after a restart, here from the log itself. */
export async function finishRefunds(at: OutsideWorld, node: RefundNode): Promise<void> {
  for (const { type, data } of await recordedEvents(at.world.log)) {
    if (type !== 'RefundRequested.v2') continue;
    await node.process.finish(asId<'refund'>(data['refundId'] as string), FINISHER);
  }
}

export interface Paid {
  readonly paymentId: PaymentId;
  readonly bills: readonly BillId[];
  readonly receiptId: string;
}

/** Bills of the school, paid together by the method; what comes late has come. */
export async function paid(
  { at, payments }: RefundNode,
  method: PaymentMethod,
  amounts: readonly number[],
  key = 'key-1',
): Promise<Paid> {
  const bills: BillId[] = [];
  for (const [index, amount] of amounts.entries()) {
    bills.push(await payments.issueBill(`${key}-${index}`, amount));
  }
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return payFor(at, payments, { bills, total, method, key });
}

interface Paying {
  readonly bills: readonly BillId[];
  readonly total: number;
  readonly method: PaymentMethod;
  readonly key: string;
  /** Of the only bill, where it is not all of it. */
  readonly amount?: number;
}

export async function payFor(
  at: OutsideWorld,
  payments: PaymentNode,
  { bills, total, method, key, amount }: Paying,
): Promise<Paid> {
  const byClerk = method.channel === 'cash' || method.channel === 'cheque' || method.channel === 'pos';
  const caller = byClerk ? callerOf('clerk', 'clerk-1', SCHOOL) : callerOf('payer', 'payer-1');
  const asked = bills.map((billId) => ({ billId, ...(amount !== undefined && { amount: fen(amount) }) }));
  const input = { idempotencyKey: key, bills: asked, expectedTotal: fen(total), method };
  let payment = accepted(await payments.pay(caller, input));
  // A busy machine may miss the bank's deadline.
  for (let turn = 0; payment.status === 'UNKNOWN' && turn < 20; turn += 1) {
    await finishOne(payments, payment.id);
    payment = accepted(await payments.pay(caller, input));
  }
  if (payment.status === 'AUTHORISING') {
    const { remittanceCode } = payment;
    if (remittanceCode !== undefined) await at.bank.credit(TENANT, remittanceCode, fen(total));
    await at.bank.deliver();
    await settled(payments, payment.id, ({ status }) => status === 'captured');
    payment = accepted(await payments.pay(caller, input));
  }
  return { paymentId: payment.id, bills, receiptId: payment.receipts[0]!.id };
}

/** `source > destination` of every posting since the first refund was asked for, in log order. */
export async function movesOf(at: OutsideWorld): Promise<readonly string[]> {
  const events = await recordedEvents(at.world.log);
  return events
    .slice(events.findIndex(({ type }) => type === 'RefundRequested.v2'))
    .flatMap(({ data }) => (data['postings'] as { source: string; destination: string }[] | undefined) ?? [])
    .map(({ source, destination }) => `${source} > ${destination}`);
}
