import type { BillPaymentSteps, PaymentStep } from '#libs/billing/contract/index.js';
import type { Cases } from '#libs/cases/contract/index.js';
import type { ExternalChannel } from '#libs/channels/port/index.js';
import type { ContractFunding } from '#libs/contracts/contract/release-contracts.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { BillId, OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { KnownPayment } from '../../domain/payment/index.js';
import type { ReceiptDesk } from '../receipt-desk.js';
import type { WalletLimitsOf } from '../wallets/wallet-limits.js';

/** What the steps of a payment work with. */
export interface PaymentParts {
  readonly store: DeciderStore;
  readonly bills: BillPaymentSteps;
  readonly contracts: ContractFunding;
  readonly receipts: ReceiptDesk;
  readonly external: ExternalChannel;
  readonly cases: Cases;
  readonly limits: Pick<WalletLimitsOf, 'on'>;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
}

/** Who moves the payment on: the account that asked for it, the finisher, or an institution's notice. */
export interface Mover {
  readonly actor: string;
  readonly correlationId: string;
}

export type StepName =
  | 'initiate'
  | 'claim'
  | 'giveCodeBack'
  | 'reserve'
  | 'hold'
  | 'seek'
  | 'instruct'
  | 'unknown'
  | 'authorise'
  | 'capture'
  | 'refuse'
  | 'release'
  | 'fail'
  | 'allocate'
  | 'spend'
  | 'credit'
  | 'lateSuccess'
  | 'seekReturn'
  | 'settleReturn'
  | 'settleReallocation';

/** The same step of the same payment is the same command, whoever runs it and however often. */
export function commandIdOf(paymentId: PaymentId, step: StepName, of = ''): string {
  return deriveUuid(UUID_NAMESPACES.command, paymentId, step, of);
}

export function contextOf(
  { runtime }: PaymentParts,
  payment: Pick<KnownPayment, 'paymentId' | 'tenant'>,
  { actor, correlationId }: Mover,
  step: StepName,
): CommandContext {
  const commandId = commandIdOf(payment.paymentId, step);
  return { commandId, correlationId, actor, tenant: payment.tenant, at: runtime.clock.now() };
}

export function billStep(
  { paymentId, tenant }: KnownPayment,
  { actor, correlationId }: Mover,
  step: StepName,
  bill: { readonly billId: BillId; readonly organisationId: OrganisationId | undefined },
): PaymentStep {
  const { billId, organisationId } = bill;
  const commandId = commandIdOf(paymentId, step, billId);
  return { billId, paymentId, tenant, organisationId, actor, correlationId, commandId };
}
