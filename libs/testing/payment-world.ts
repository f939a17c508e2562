/** Billing and payments around one log, without views: for specs that crash, race and restart the write side. */
import { randomUUID } from 'node:crypto';
import { approvalsEventSets } from '#libs/approvals/codec/index.js';
import { BillSteps } from '#libs/billing/application/payment-steps.js';
import { DefineFeeItemHandler } from '#libs/billing/application/define-fee-item.js';
import { IssueBillHandler } from '#libs/billing/application/issue-bill.js';
import { billAggregate, billingEventSets } from '#libs/billing/codec/index.js';
import {
  DefineFeeItem,
  IssueBill,
  SetBillingTerms,
  type PaymentPolicy,
} from '#libs/billing/contract/index.js';
import { SetBillingTermsHandler } from '#libs/billing/application/set-billing-terms.js';
import { CaseDesk } from '#libs/cases/application/case-desk.js';
import { casesEventSets } from '#libs/cases/codec/index.js';
import type { ExternalChannel, NoticeReceiver } from '#libs/channels/port/index.js';
import type { ContractFunding } from '#libs/contracts/contract/release-contracts.js';
import { buildCatalogue, loadEventSchemas, type Catalogue } from '#libs/event-log/codec/index.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { rehearsalStore } from '#libs/event-log/runner/rehearsal-store.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import {
  asId,
  type BillId,
  type OrganisationId,
  type PaymentId,
  type WalletId,
} from '#libs/kernel/ids/index.js';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import { localDateOf, parseLocalDate } from '#libs/kernel/time/index.js';
import { OpenWalletHandler } from '#libs/payments/application/open-wallet.js';
import { PaymentNotices } from '#libs/payments/application/channels/payment-notices.js';
import { ReturnNotices } from '#libs/payments/application/channels/return-notices.js';
import { CancelPaymentHandler } from '#libs/payments/application/pay-bills/cancel-payment.js';
import { PayBillsHandler } from '#libs/payments/application/pay-bills/pay-bills.js';
import { PaymentDesk } from '#libs/payments/application/pay-bills/payment-desk.js';
import { PaymentPorts } from '#libs/payments/application/pay-bills/payment-ports.js';
import { PreviewPaymentHandler } from '#libs/payments/application/pay-bills/preview-payment.js';
import { PaymentProcess } from '#libs/payments/application/pay-bills/payment-process.js';
import { QuotePaymentHandler } from '#libs/payments/application/quotes/quote-payment.js';
import { ReceiptDesk } from '#libs/payments/application/receipt-desk.js';
import { TopUpWalletHandler } from '#libs/payments/application/top-up-wallet.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import {
  CancelPayment,
  OpenWallet,
  PayBills,
  PreviewPayment,
  QuotePayment,
  TopUpWallet,
  type PayBillsInput,
} from '#libs/payments/contract/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { callerOf, requestOf, SCHOOL } from './callers.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { manualRuntime } from './runtime/index.js';

export { callerOf, OTHER_SCHOOL, recordedEvents, requestOf, SCHOOL, TENANT } from './callers.js';

export const fen = (amount: number | bigint): Money => money(CNY, BigInt(amount));

let schemas: ReturnType<typeof loadEventSchemas> | undefined;

/** What outlives a process. */
export interface PaymentWorld {
  readonly log: EventLog;
  readonly runtime: Runtime;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
  readonly external: ExternalChannel;
}

export function paymentWorld(
  external: ExternalChannel = NO_INSTITUTION,
  runtime: Runtime = manualRuntime(),
  more: readonly EventSet[] = [],
): PaymentWorld {
  schemas ??= loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
  const sets = [...billingEventSets, ...paymentsEventSets, ...casesEventSets, ...approvalsEventSets, ...more];
  return {
    log: new MemoryEventLog(),
    runtime,
    catalogue: buildCatalogue(sets, { schemas, rng: runtime.rng, checks: true }),
    subjectKeys: memorySubjectKeys(runtime.rng),
    external,
  };
}

const unreachable = (): Promise<never> => Promise.reject(new Error('No institution is connected here.'));

/** For worlds whose payments ask nobody outside. */
export const NO_INSTITUTION: ExternalChannel = {
  submit: unreachable,
  query: unreachable,
  cancel: unreachable,
  statement: unreachable,
};

/** One process: its own store and memory on the log given. */
export interface PaymentNode {
  readonly store: CachingDeciderStore;
  readonly process: PaymentProcess;
  readonly desk: PaymentDesk;
  readonly bills: BillSteps;
  readonly notices: readonly NoticeReceiver[];
  cancel(caller: Caller, paymentId: PaymentId): ReturnType<CancelPaymentHandler['execute']>;
  quote(caller: Caller, input: QuotePayment['input']): ReturnType<QuotePaymentHandler['execute']>;
  preview(caller: Caller, input: PayBillsInput): ReturnType<PreviewPaymentHandler['execute']>;
  pay(caller: Caller, input: PayBillsInput): ReturnType<PayBillsHandler['execute']>;
  issueBill(payerNumber: string, amountFen: number, organisationId?: OrganisationId): Promise<BillId>;
  openWallet(owner: string, amountFen: number): Promise<WalletId>;
  /** How bills of the school that are issued from now on may be paid. */
  setTerms(terms: PaymentPolicy): Promise<void>;
}

/** Release contracts over the node's store; without them a payment funds none. */
type ContractsOver = (store: CachingDeciderStore) => ContractFunding;

export function paymentNode(
  world: PaymentWorld,
  log: EventLog = world.log,
  contractsOver?: ContractsOver,
): PaymentNode {
  const { runtime, catalogue, subjectKeys } = world;
  const store = createDeciderStore({ log, catalogue, subjectKeys, runtime });
  const bills = new BillSteps(store, runtime);
  const cases = new CaseDesk(store, runtime);
  const ports = new PaymentPorts(world.external, cases, runtime, contractsOver?.(store));
  const process = new PaymentProcess(store, bills, new ReceiptDesk(store, runtime), ports);
  const desk = new PaymentDesk(store, runtime, bills, process);
  const handlers = {
    pay: new PayBillsHandler(desk),
    cancel: new CancelPaymentHandler(process, desk),
    quote: new QuotePaymentHandler(store, runtime, bills),
    preview: new PreviewPaymentHandler(() => {
      const stage = rehearsalStore(store);
      return { store: stage, bills: new BillSteps(stage, runtime) };
    }, runtime),
    issue: new IssueBillHandler(store, runtime),
    define: new DefineFeeItemHandler(store, runtime),
    terms: new SetBillingTermsHandler(store, runtime),
    open: new OpenWalletHandler(store, runtime, true),
    topUp: new TopUpWalletHandler(store, runtime, true),
  };
  return {
    store,
    process,
    desk,
    bills,
    notices: [new PaymentNotices(process), new ReturnNotices(process)],
    cancel: (caller, paymentId) =>
      handlers.cancel.execute(new CancelPayment(requestOf(caller), { idempotencyKey: 'cancel', paymentId })),
    preview: (caller, input) => handlers.preview.execute(new PreviewPayment(requestOf(caller), input)),
    quote: (caller, input) => handlers.quote.execute(new QuotePayment(requestOf(caller), input)),
    pay: (caller, input) => handlers.pay.execute(new PayBills(requestOf(caller), input)),
    issueBill: (payerNumber, amountFen, organisationId = SCHOOL) =>
      issueBill(handlers, { payerNumber, amountFen, organisationId }),
    async setTerms(terms) {
      const context = requestOf(callerOf('bursar', 'bursar-1', SCHOOL));
      const effectiveFrom = localDateOf(runtime.clock.now());
      const input = { idempotencyKey: randomUUID(), organisationId: SCHOOL, effectiveFrom, terms };
      const set = await handlers.terms.execute(new SetBillingTerms(context, input));
      if (!set.accepted) throw new Error(set.rejection.code);
    },
    async openWallet(owner, amountFen) {
      const context = requestOf(callerOf('payer', owner));
      const idempotencyKey = randomUUID();
      const opened = await handlers.open.execute(new OpenWallet(context, { idempotencyKey, label: 'main' }));
      if (!opened.accepted) throw new Error(opened.rejection.code);
      const walletId = opened.value.id;
      if (amountFen === 0) return walletId;
      const input = { idempotencyKey, walletId, amount: fen(amountFen) };
      const filled = await handlers.topUp.execute(new TopUpWallet(context, input));
      if (!filled.accepted) throw new Error(filled.rejection.code);
      return walletId;
    },
  };
}

async function issueBill(
  { define, issue }: { readonly define: DefineFeeItemHandler; readonly issue: IssueBillHandler },
  bill: { readonly payerNumber: string; readonly amountFen: number; readonly organisationId: OrganisationId },
): Promise<BillId> {
  const { payerNumber, amountFen, organisationId } = bill;
  const context = requestOf(callerOf('bursar', 'bursar-1', organisationId));
  const feeItem = { code: 'TUITION', name: '学费', category: 'tuition', glCode: '4101', priority: 1 };
  const item = await define.execute(
    new DefineFeeItem(context, {
      idempotencyKey: `tuition-of-${organisationId}`,
      organisationId,
      ...feeItem,
    }),
  );
  if (!item.accepted) throw new Error(item.rejection.code);
  const content = {
    payer: {
      subjectId: asId<'subject'>(`subject-${payerNumber}`),
      number: payerNumber,
      name: `学生${payerNumber}`,
      group: '1班',
      grade: '一年级',
    },
    academicYear: '2026-2027',
    term: '1',
    feeItemId: item.value.id,
    amount: fen(amountFen),
    waived: fen(0),
    dueDate: parseLocalDate('2026-09-30'),
  };
  const issued = await issue.execute(new IssueBill(context, organisationId, content, randomUUID()));
  if (!issued.accepted) throw new Error(issued.rejection.code);
  return issued.value.billId;
}

export async function billStateOf(node: PaymentNode, billId: BillId) {
  const { state } = await node.store.load(billAggregate, billId);
  if (state.status === 'absent') throw new Error(`There is no bill ${billId}.`);
  return state;
}
