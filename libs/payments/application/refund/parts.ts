import type { Provider } from '@nestjs/common';
import { APPROVALS, type Approvals } from '#libs/approvals/contract/index.js';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps, type RefundStep } from '#libs/billing/contract/index.js';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { BillId, RefundId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { refundAggregate } from '../../codec/index.js';
import type { KnownRefund, RefundCommand } from '../../domain/refund/index.js';
import type { Mover } from '../pay-bills/parts.js';

/** What the steps of a refund work with. */
export interface RefundParts {
  readonly store: DeciderStore;
  readonly bills: BillPaymentSteps;
  readonly approvals: Approvals;
  readonly cases: Cases;
  readonly channel: ExternalChannel;
  readonly runtime: Pick<Runtime, 'clock'>;
}

/** Injection token of `RefundParts`. */
export const REFUND_PARTS = Symbol('REFUND_PARTS');

type Injected = [DeciderStore, BillPaymentSteps, Approvals, Cases, ExternalChannel, Runtime];

export const REFUND_PARTS_PROVIDER: Provider = {
  provide: REFUND_PARTS,
  inject: [DECIDER_STORE, BILL_PAYMENT_STEPS, APPROVALS, CASES, EXTERNAL_CHANNEL, RUNTIME],
  useFactory: (...[store, bills, approvals, cases, channel, runtime]: Injected): RefundParts => ({
    store,
    bills,
    approvals,
    cases,
    channel,
    runtime,
  }),
};

export type RefundStepName =
  | 'request'
  | 'hold'
  | 'approve'
  | 'reverse'
  | 'cancelReceipt'
  | 'send'
  | 'credit'
  | 'confirm'
  | 'reject'
  | 'refundBill'
  | 'settle'
  | 'release'
  | 'complete'
  | 'payAfterAll'
  | 'comeBack';

/** The same step of the same refund is the same command, whoever runs it and however often. */
export function commandIdOf(refundId: RefundId, step: RefundStepName, of = ''): string {
  return deriveUuid(UUID_NAMESPACES.command, refundId, step, of);
}

export function contextOf(
  { runtime }: Pick<RefundParts, 'runtime'>,
  refund: Pick<KnownRefund, 'refundId' | 'tenant' | 'organisationId'>,
  { actor, correlationId }: Mover,
  step: RefundStepName | readonly [RefundStepName, of: string],
): CommandContext {
  const { refundId, tenant, organisationId: organisation } = refund;
  const commandId = typeof step === 'string' ? commandIdOf(refundId, step) : commandIdOf(refundId, ...step);
  return { commandId, correlationId, actor, tenant, organisation, at: runtime.clock.now() };
}

export function billStepOf(
  { refundId, paymentId, tenant, organisationId }: KnownRefund,
  { actor, correlationId }: Mover,
  step: RefundStepName,
  billId: BillId,
): RefundStep {
  const commandId = commandIdOf(refundId, step, billId);
  return { billId, paymentId, refundId, tenant, organisationId, actor, correlationId, commandId };
}

/** Runs a command on the refund itself; whether it is accepted or comes too late, the state afterwards says how to go on. */
export async function decideOnRefund(
  parts: Pick<RefundParts, 'store' | 'runtime'>,
  refund: KnownRefund,
  mover: Mover,
  { step, command }: { readonly step: RefundStepName; readonly command: RefundCommand },
): Promise<KnownRefund> {
  // Who ends it is part of the id: the payer's bank and the maker at once are two commands, of which one is accepted.
  const context = contextOf(parts, refund, mover, command.kind === 'reject' ? [step, command.by] : step);
  const { state } = await parts.store.run(refundAggregate, refund.refundId, command, context);
  if (state.status === 'absent') throw new Error(`Refund ${refund.refundId} is not in the log.`);
  return state;
}
