import type { Provider, Type } from '@nestjs/common';
import { ApprovalDecisions } from '#libs/approvals/application/index.js';
import { APPROVAL_WAITERS, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { issuedBillEvents } from '#libs/billing/codec/index.js';
import { BillExpiry, WriteOffApprovals } from '#libs/billing/application/index.js';
import {
  AdvanceCarrier,
  ISSUED_BILLS,
  OfflineReactions,
  PaymentFinisher,
  TierLimitsApproved,
  TransferFinisher,
} from '#libs/payments/application/index.js';
import { MandateCollector } from '#libs/payments/application/mandates/index.js';
import { RefundApprovals, RefundFinisher } from '#libs/payments/application/refund/index.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';

/**
 * Process managers of every context, each a provider among the handlers. They start together with the projections, after
 * everything they need has been made, and stop before it is closed.
 */
export const PROCESS_MANAGERS: readonly Type<ProcessManager>[] = [
  ApprovalDecisions,
  AdvanceCarrier,
  OfflineReactions,
];

/** What goes on with whatever a crash left behind; started once the views have caught up, stopped before the consumers. */
export const FINISHERS: readonly Type<Finisher>[] = [
  BillExpiry,
  PaymentFinisher,
  RefundFinisher,
  MandateCollector,
  TransferFinisher,
];

interface Finisher {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Who is told of decisions on approvals, each a provider among the handlers. */
const WAITERS_FOR_APPROVALS: readonly Type<ApprovalWaiter>[] = [
  WriteOffApprovals,
  RefundApprovals,
  TierLimitsApproved,
];

export const APPROVAL_WAITERS_PROVIDER: Provider = {
  provide: APPROVAL_WAITERS,
  inject: [...WAITERS_FOR_APPROVALS],
  useFactory: (...waiters: readonly ApprovalWaiter[]) => waiters,
};

/** Of billing's events the one that the advance carrier waits for; nothing else of bills is read for it. */
export const ISSUED_BILLS_PROVIDER: Provider = { provide: ISSUED_BILLS, useValue: issuedBillEvents };
