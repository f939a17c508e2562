import { hash } from 'node:crypto';
import type { Cases } from '#libs/cases/contract/index.js';
import type { ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { NotYetPossible } from '#libs/event-log/consumers/types.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { asId, isUuid, type ContractId, type PaymentId, type RefundId } from '#libs/kernel/ids/index.js';
import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import {
  contractOriginsAggregate,
  paymentAggregate,
  refundAggregate,
  walletAggregate,
} from '../../codec/index.js';
import { accounts } from '../../domain/accounts.js';
import { returnOf, type ReturnedPart } from '../../domain/contract-origins/index.js';
import type { RefundRequest } from '../../domain/refund/index.js';
import { commandIdOf, depositIdOf, payoutIdOf, type Payout } from './payout.js';

/** In whose name payouts are carried on. */
export const PAYOUTS = 'system:contract-payouts';

/** What carrying payouts on works with. */
export interface PayoutParts {
  readonly store: DeciderStore;
  readonly contracts: Pick<ReleaseContracts, 'act'>;
  readonly cases: Pick<Cases, 'open'>;
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Takes a refund, once it is stored, as far as it goes now. */
  finishRefund(refundId: RefundId, correlationId: string): Promise<void>;
}

/**
 * Carries one payout on to where it goes; again for the same payout: the same, once. Resolves when that is durable: the money
 * is there, or a refund that will be brought to its end is stored, or a person is told why it cannot be delivered.
 */
export async function deliver(parts: PayoutParts, payout: Payout): Promise<void> {
  const { destination } = payout;
  switch (destination.kind) {
    case 'wallet':
      return creditWallet(parts, payout, destination.walletId);
    case 'contract':
      return depositIn(parts, payout, { contractId: destination.contractId, amount: payout.amount });
    case 'origin':
      return returnToOrigin(parts, payout);
  }
}

async function creditWallet(parts: PayoutParts, payout: Payout, walletId: string): Promise<void> {
  const { tenant, amount } = payout;
  const source = accounts.payoutClearing;
  const creditId = payoutIdOf(payout);
  if (!isUuid(walletId)) return undeliverable(parts, payout, { amount, reason: 'WALLET_NOT_FOUND' });
  const command = { kind: 'credit', creditId, tenant, amount, source } as const;
  const result = await parts.store.run(
    walletAggregate,
    walletId,
    command,
    contextOf(parts, payout, 'credit'),
  );
  if (!result.accepted) await undeliverable(parts, payout, { amount, reason: result.rejection.code });
}

interface Deposit {
  readonly contractId: ContractId;
  readonly amount: Money;
  /** Of the part of a payout that goes back; absent where all of it goes to one contract. */
  readonly part?: string;
}

/** The money lies in `clearing:funding` by now. */
async function depositIn(parts: PayoutParts, payout: Payout, deposit: Deposit): Promise<void> {
  const { contractId, amount, part } = deposit;
  const of = part === undefined ? [] : [part];
  const { tenant, correlationId, payoutId } = payout;
  const mover = { tenant, actor: PAYOUTS, correlationId, commandId: commandIdOf(payout, 'deposit', ...of) };
  const taken = await parts.contracts.act(mover, 'system', contractId, {
    kind: 'deposit',
    depositId: depositIdOf(payout, part),
    source: { kind: 'contract', contractId: payout.contractId, releaseId: payoutId },
    amount: amount.amount,
    asset: amount.asset,
  });
  if (taken.accepted) return;
  // Another process's clock is ahead, for moments: nothing that a person could help with.
  if (taken.rejection.code === 'CLOCK_REGRESSION') {
    throw new NotYetPossible(`The clock stands before the last event of contract ${contractId}.`);
  }
  await undeliverable(parts, payout, { amount, reason: taken.rejection.code, part });
}

async function returnToOrigin(parts: PayoutParts, payout: Payout): Promise<void> {
  const { contractId, tenant, payoutId, role, amount } = payout;
  const at = parts.runtime.clock.now();
  const command = { kind: 'return', contractId, tenant, payoutId, role, amount, at } as const;
  const context = contextOf(parts, payout, 'return');
  const { state } = await parts.store.run(contractOriginsAggregate, contractId, command, context);
  const plan = returnOf(state, payout);
  if (!plan) throw new Error(`Payout ${payoutId} of contract ${contractId} has no plan.`);
  for (const part of plan.parts) await returnPart(parts, payout, part);
  if (plan.unknown.amount > 0n) {
    await undeliverable(parts, payout, { amount: plan.unknown, reason: 'NO_ORIGIN', part: 'unknown' });
  }
}

async function returnPart(
  parts: PayoutParts,
  payout: Payout,
  { depositId, origin, amount }: ReturnedPart,
): Promise<void> {
  switch (origin.kind) {
    case 'contract':
      return depositIn(parts, payout, { contractId: origin.contractId, amount, part: depositId });
    case 'payment':
      return refundPart(parts, payout, { paymentId: origin.paymentId, amount, part: depositId });
  }
}

interface Refunded {
  readonly paymentId: PaymentId;
  readonly amount: Money;
  readonly part: string;
}

/** A refund of kind `contract`: from here on it is brought to its end like any other. */
async function refundPart(parts: PayoutParts, payout: Payout, refunded: Refunded): Promise<void> {
  const { paymentId, amount, part } = refunded;
  const { contractId, tenant, payoutId, role, correlationId } = payout;
  const refundId = asId<'refund'>(payoutIdOf(payout, part));
  const { state: payment } = await parts.store.load(paymentAggregate, paymentId);
  const [line] = payment.status === 'captured' ? payment.paidBills : [];
  if (!line)
    throw new Error(`Contract ${contractId} pays back to payment ${paymentId}, which is not captured.`);
  const said = [contractId, payoutId, role, part, amount.asset, String(amount.amount)];
  const request: RefundRequest = {
    refundId,
    tenant,
    organisationId: line.organisationId,
    paymentId,
    refundKind: 'contract',
    lines: [{ billId: line.billId, amount }],
    payout: { contractId, payoutId, role },
    amount,
    reason: `contract-${contractId}`,
    maker: { accountId: PAYOUTS, personId: PAYOUTS },
    inputHash: hash('sha256', said.join('\n'), 'hex'),
    approvalNeeded: false,
    requestedAt: parts.runtime.clock.now(),
  };
  const context = { ...contextOf(parts, payout, 'refund', part), organisation: line.organisationId };
  const asked = await parts.store.run(refundAggregate, refundId, { kind: 'request', ...request }, context);
  if (!asked.accepted)
    throw new Error(`Refund ${refundId} of contract ${contractId}: ${asked.rejection.code}.`);
  await parts.finishRefund(refundId, correlationId);
}

interface Undelivered {
  readonly amount: Money;
  readonly reason: string;
  readonly part?: string | undefined;
}

/** The money stays in clearing, and a person is told. */
function undeliverable(parts: PayoutParts, payout: Payout, why: Undelivered): Promise<void> {
  const { contractId, tenant, organisationId, payoutId, role, destination, correlationId } = payout;
  const { amount, reason, part = '' } = why;
  const names = ['payoutUndeliverable', payoutId, role, part] as const;
  const caseId = asId<'case'>(deriveUuid(UUID_NAMESPACES.entity, 'case', ...names));
  const facts = { amount: formatDecimal(amount), payout: payoutId, role, to: destination.kind, reason };
  return parts.cases.open(
    {
      caseId,
      kind: 'payoutUndeliverable',
      tenant,
      ...(organisationId !== undefined && { organisationId }),
      subject: `contract-${contractId}`,
      facts,
      openedAt: parts.runtime.clock.now(),
    },
    correlationId,
  );
}

export function contextOf(
  { runtime }: Pick<PayoutParts, 'runtime'>,
  payout: Payout,
  step: string,
  ...part: readonly string[]
): CommandContext {
  const { tenant, organisationId, correlationId, causationId } = payout;
  return {
    commandId: commandIdOf(payout, step, ...part),
    correlationId,
    causationId,
    actor: PAYOUTS,
    tenant,
    ...(organisationId !== undefined && { organisation: organisationId }),
    at: runtime.clock.now(),
  };
}
