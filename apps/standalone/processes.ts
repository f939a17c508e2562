import type { Provider, Type } from '@nestjs/common';
import { ApprovalDecisions } from '#libs/approvals/application/index.js';
import { APPROVAL_WAITERS, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { issuedBillEvents } from '#libs/billing/codec/index.js';
import { BillExpiry, WriteOffApprovals } from '#libs/billing/application/index.js';
import {
  CampaignClock,
  CampaignContracts,
  RELEASE_CONTRACT_EVENTS,
} from '#libs/campaigns/application/index.js';
import { ContractClock, RegionalParametersApproved } from '#libs/contracts/application/index.js';
import { MassRefundApprovals, MassRefundJobs } from '#libs/contracts/application/mass-refund/index.js';
import { custodyEvents, releaseContractEvents } from '#libs/contracts/codec/index.js';
import {
  AdvanceCarrier,
  ISSUED_BILLS,
  OfflineReactions,
  PaymentFinisher,
  TierLimitsApproved,
  TransferFinisher,
} from '#libs/payments/application/index.js';
import { CustodyMonitor } from '#libs/ledger/read-model/index.js';
import { ContractPayouts, CUSTODY_EVENTS } from '#libs/payments/application/payouts/index.js';
import { MandateCollector } from '#libs/payments/application/mandates/index.js';
import { RefundApprovals, RefundFinisher } from '#libs/payments/application/refund/index.js';
import { COURSE_CONTRACT_EVENTS, CourseOrderFollower } from '#libs/tuition/providers.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';

/**
 * Process managers of every context, each a provider among the handlers. They start together with the projections, after
 * everything they need has been made, and stop before it is closed.
 */
export const PROCESS_MANAGERS: readonly Type<ProcessManager>[] = [
  ApprovalDecisions,
  AdvanceCarrier,
  OfflineReactions,
  CampaignContracts,
  CourseOrderFollower,
  ContractPayouts,
];

/** What goes on with whatever a crash left behind; started once the views have caught up, stopped before the consumers. */
export const FINISHERS: readonly Type<Finisher>[] = [
  BillExpiry,
  PaymentFinisher,
  RefundFinisher,
  MandateCollector,
  TransferFinisher,
  CustodyMonitor,
  ContractClock,
  CampaignClock,
  MassRefundJobs,
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
  MassRefundApprovals,
  RegionalParametersApproved,
];

export const APPROVAL_WAITERS_PROVIDER: Provider = {
  provide: APPROVAL_WAITERS,
  inject: [...WAITERS_FOR_APPROVALS],
  useFactory: (...waiters: readonly ApprovalWaiter[]) => waiters,
};

/** Of billing's events the one that the advance carrier waits for; nothing else of bills is read for it. */
export const ISSUED_BILLS_PROVIDER: Provider = { provide: ISSUED_BILLS, useValue: issuedBillEvents };

/** Of release contracts the events that course orders follow. */
export const COURSE_CONTRACT_EVENTS_PROVIDER: Provider = {
  provide: COURSE_CONTRACT_EVENTS,
  useValue: releaseContractEvents,
};

/** Of release contracts the events that campaigns follow: budgets that are paid in, vouchers that are spent. */
export const RELEASE_CONTRACT_EVENTS_PROVIDER: Provider = {
  provide: RELEASE_CONTRACT_EVENTS,
  useValue: releaseContractEvents,
};

/** Of release contracts the events that payouts wait for: money that comes into custody, and money that leaves it. */
export const CUSTODY_EVENTS_PROVIDER: Provider = { provide: CUSTODY_EVENTS, useValue: custodyEvents };
