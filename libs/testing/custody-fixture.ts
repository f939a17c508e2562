/** Payments into contracts and payouts of them around one log, with processes that may die. */
import { ApprovalDesk } from '#libs/approvals/application/approval-desk.js';
import { CaseDesk } from '#libs/cases/application/case-desk.js';
import type { Cases } from '#libs/cases/contract/index.js';
import { ContractDesk } from '#libs/contracts/application/contract-desk.js';
import { ContractDocuments } from '#libs/contracts/application/contract-document.js';
import { ContractFundingSteps } from '#libs/contracts/application/contract-funding-steps.js';
import { ContractStreams } from '#libs/contracts/application/contract-streams.js';
import { RegionalParameterSets } from '#libs/contracts/application/regions/regional-parameter-sets.js';
import { contractAggregate, contractsEventSets, custodyEvents } from '#libs/contracts/codec/index.js';
import type { ContractSummary, ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { CachingDeciderStore } from '#libs/event-log/runner/index.js';
import { asId, type ContractId, type PaymentId, type RefundId } from '#libs/kernel/ids/index.js';
import { FundContractHandler } from '#libs/payments/application/funding/fund-contract.js';
import { ContractPayouts } from '#libs/payments/application/payouts/contract-payouts.js';
import { PayoutPorts } from '#libs/payments/application/payouts/payout-ports.js';
import { RetryPayoutHandler } from '#libs/payments/application/payouts/retry-payout.js';
import { RefundNotices } from '#libs/payments/application/refund/refund-notices.js';
import { RefundProcess } from '#libs/payments/application/refund/refund-process.js';
import { FundContract, type FundContractInput } from '#libs/payments/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { recordedEvents, requestOf, TENANT } from './callers.js';
import { auditCustody } from './custody-audit.js';
import { outsideWorld, type OutsideWorld } from './outside-world.js';
import { auditPayments } from './payment-audit.js';
import { finishAll } from './payment-fixture.js';
import { paymentNode, paymentWorld, type PaymentNode, type PaymentWorld } from './payment-world.js';
import { PROBE_TEMPLATES } from './probe-contract.js';

/** One process that takes money for contracts and carries on what they pay out. */
export interface CustodyNode {
  readonly world: PaymentWorld;
  readonly payments: PaymentNode;
  readonly contracts: ReleaseContracts;
  readonly refunds: RefundProcess;
  readonly payouts: ContractPayouts;
  readonly retries: RetryPayoutHandler;
  readonly cases: Cases;
  fund(caller: Caller, input: FundContractInput): ReturnType<FundContractHandler['execute']>;
  summaryOf(contractId: ContractId): Promise<ContractSummary>;
}

export function custodyPlatform(): PaymentWorld {
  return paymentWorld(undefined, undefined, contractsEventSets);
}

/** With the real sandbox bank outside. */
export function custodyOutside(deadlineMs = 5_000): Promise<OutsideWorld> {
  return outsideWorld(0, deadlineMs, contractsEventSets);
}

export function custodyNode(world: PaymentWorld, log: EventLog = world.log): CustodyNode {
  const { runtime, external } = world;
  const streamsOver = (store: CachingDeciderStore) =>
    new ContractStreams(store, runtime, new RegionalParameterSets(store, runtime));
  const payments = paymentNode(world, log, (store) => new ContractFundingSteps(streamsOver(store)));
  const { store, bills } = payments;
  const streams = streamsOver(store);
  // Nothing is attested here.
  const contracts = new ContractDesk(
    streams,
    new ContractDocuments(PROBE_TEMPLATES, streams),
    undefined as never,
  );
  const cases = new CaseDesk(store, runtime);
  const approvals = new ApprovalDesk(store, runtime);
  const refunds = new RefundProcess({ store, bills, approvals, cases, channel: external, runtime });
  const ports = new PayoutPorts(custodyEvents, contracts, cases, refunds);
  const handler = new FundContractHandler(payments.desk, contracts, runtime);
  return {
    world,
    payments,
    contracts,
    refunds,
    cases,
    payouts: new ContractPayouts(store, runtime, ports),
    retries: new RetryPayoutHandler(store, runtime, ports),
    fund: (caller, input) => handler.execute(new FundContract(requestOf(caller), input)),
    async summaryOf(contractId) {
      const contract = await contracts.find(TENANT, contractId);
      if (!contract) throw new Error(`There is no contract ${contractId}.`);
      return contract;
    },
  };
}

/** A process whose notices the bank reaches. */
export function outsideNode({ world, bank }: OutsideWorld, log: EventLog = world.log): CustodyNode {
  const node = custodyNode(world, log);
  bank.bind([...node.payments.notices, new RefundNotices(node.refunds)]);
  return node;
}

const MOST_ROUNDS = 20;

/** What process managers and finishers do after a restart, here from the log itself, until nothing new comes of it. */
export async function finishCustody(world: PaymentWorld, node: CustodyNode): Promise<void> {
  let before = -1;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await finishAll(world, node.payments);
    await reactAll(world, node);
    const events = await recordedEvents(world.log);
    for (const { type, data } of events) {
      if (!type.startsWith('RefundRequested.')) continue;
      const mover = { actor: 'system:refund-finisher', correlationId: 'finisher' };
      await node.refunds.finish(asId<'refund'>(data['refundId'] as string), mover);
    }
    const after = (await recordedEvents(world.log)).length;
    if (after === before) return;
    before = after;
  }
  throw new Error('There is always something new to finish.');
}

async function reactAll(world: PaymentWorld, { payments, payouts }: CustodyNode): Promise<void> {
  const streams = new Set((await recordedEvents(world.log)).map(({ stream }) => stream));
  for (const stream of streams) {
    if (!stream.startsWith('contract-')) continue;
    const history = await payments.store.history(contractAggregate, stream.slice('contract-'.length));
    for (const event of history) await payouts.react(event);
  }
}

/** What is wrong with everything that happened; nothing in a sound log that is at rest. */
export async function faultsOf({ log }: PaymentWorld): Promise<readonly string[]> {
  const events = await recordedEvents(log);
  return [...auditPayments(events), ...auditCustody(events)];
}

/** Balances now, by account; those at zero left out. */
export async function balancesOf({ log }: PaymentWorld): Promise<Readonly<Record<string, bigint>>> {
  const balances: Record<string, bigint> = {};
  const move = (account: string, minor: bigint): void => {
    balances[account] = (balances[account] ?? 0n) + minor;
    if (balances[account] === 0n) delete balances[account];
  };
  for (const { data } of await recordedEvents(log)) {
    for (const posting of (data['postings'] ?? []) as readonly Record<string, never>[]) {
      const minor = BigInt((posting['amount'] as unknown as { readonly amount: string }).amount);
      move(posting['source']!, -minor);
      move(posting['destination']!, minor);
    }
  }
  return balances;
}

export async function refundsIn({ log }: PaymentWorld): Promise<readonly RefundId[]> {
  const events = await recordedEvents(log);
  return events.flatMap(({ type, data }) =>
    type.startsWith('RefundRequested.') ? [asId<'refund'>(data['refundId'] as string)] : [],
  );
}

export async function paymentsIn({ log }: PaymentWorld): Promise<readonly PaymentId[]> {
  const events = await recordedEvents(log);
  return events.flatMap(({ type, data }) =>
    type.startsWith('PaymentInitiated.') ? [asId<'payment'>(data['paymentId'] as string)] : [],
  );
}
