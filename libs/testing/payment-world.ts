/** Billing and payments around one log, without views: for specs that crash, race and restart the write side. */
import { randomUUID } from 'node:crypto';
import { BillSteps } from '#libs/billing/application/payment-steps.js';
import { DefineFeeItemHandler } from '#libs/billing/application/define-fee-item.js';
import { IssueBillHandler } from '#libs/billing/application/issue-bill.js';
import { billAggregate, billingEventSets } from '#libs/billing/codec/index.js';
import { DefineFeeItem, IssueBill } from '#libs/billing/contract/index.js';
import { buildCatalogue, loadEventSchemas, type Catalogue } from '#libs/event-log/codec/index.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/port/index.js';
import { createDeciderStore, type CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { asId, type BillId, type OrganisationId, type WalletId } from '#libs/kernel/ids/index.js';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { OpenWalletHandler } from '#libs/payments/application/open-wallet.js';
import { PayBillsHandler } from '#libs/payments/application/pay-bills/pay-bills.js';
import { PaymentProcess } from '#libs/payments/application/pay-bills/payment-process.js';
import { ReceiptDesk } from '#libs/payments/application/receipt-desk.js';
import { TopUpWalletHandler } from '#libs/payments/application/top-up-wallet.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { OpenWallet, PayBills, TopUpWallet, type PayBillsInput } from '#libs/payments/contract/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { Caller, Role } from '#libs/security/port/index.js';
import type { SubjectKeys } from '#libs/security/port/index.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { manualRuntime } from './runtime/index.js';

export const TENANT = asId<'tenant'>('demo');
export const SCHOOL = asId<'organisation'>('school-1');
export const OTHER_SCHOOL = asId<'organisation'>('school-2');

export const fen = (amount: number | bigint): Money => money(CNY, BigInt(amount));

let schemas: ReturnType<typeof loadEventSchemas> | undefined;

/** What outlives a process. */
export interface PaymentWorld {
  readonly log: EventLog;
  readonly runtime: Runtime;
  readonly catalogue: Catalogue;
  readonly subjectKeys: SubjectKeys;
}

export function paymentWorld(): PaymentWorld {
  const runtime = manualRuntime();
  schemas ??= loadEventSchemas(EVENT_SCHEMAS_DIRECTORY);
  const sets = [...billingEventSets, ...paymentsEventSets];
  return {
    log: new MemoryEventLog(),
    runtime,
    catalogue: buildCatalogue(sets, { schemas, rng: runtime.rng, checks: true }),
    subjectKeys: memorySubjectKeys(runtime.rng),
  };
}

/** One process: its own store and memory on the log given. */
export interface PaymentNode {
  readonly store: CachingDeciderStore;
  readonly process: PaymentProcess;
  pay(caller: Caller, input: PayBillsInput): ReturnType<PayBillsHandler['execute']>;
  issueBill(payerNumber: string, amountFen: number, organisationId?: OrganisationId): Promise<BillId>;
  openWallet(owner: string, amountFen: number): Promise<WalletId>;
}

export function paymentNode(world: PaymentWorld, log: EventLog = world.log): PaymentNode {
  const { runtime, catalogue, subjectKeys } = world;
  const store = createDeciderStore({ log, catalogue, subjectKeys, runtime });
  const bills = new BillSteps(store, runtime);
  const process = new PaymentProcess(store, bills, runtime, new ReceiptDesk(store, runtime));
  const handlers = {
    pay: new PayBillsHandler(store, runtime, bills, process),
    issue: new IssueBillHandler(store, runtime),
    define: new DefineFeeItemHandler(store, runtime),
    open: new OpenWalletHandler(store, runtime),
    topUp: new TopUpWalletHandler(store, runtime, true),
  };
  return {
    store,
    process,
    pay: (caller, input) => handlers.pay.execute(new PayBills(requestOf(caller), input)),
    issueBill: (payerNumber, amountFen, organisationId = SCHOOL) =>
      issueBill(handlers, { payerNumber, amountFen, organisationId }),
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
    new DefineFeeItem(context, { idempotencyKey: 'tuition', organisationId, ...feeItem }),
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

export function callerOf(role: Role, accountId: string, organisation?: OrganisationId): Caller {
  return { accountId, personId: `person-${accountId}`, tenant: TENANT, organisation, roles: [role] };
}

export function requestOf(caller: Caller) {
  return { caller, correlationId: 'correlation-1' };
}

/** Every event in the log, in log order. */
export async function recordedEvents(log: EventLog): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll()) events.push(...page);
  return events;
}

export async function billStateOf(node: PaymentNode, billId: BillId) {
  const { state } = await node.store.load(billAggregate, billId);
  if (state.status === 'absent') throw new Error(`There is no bill ${billId}.`);
  return state;
}
