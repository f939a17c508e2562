import type { Provider } from '@nestjs/common';
import { approvalsApplication } from '#libs/approvals/application/index.js';
import { approvalsEventSets } from '#libs/approvals/codec/index.js';
import { approvalsProjections, approvalsQueries } from '#libs/approvals/read-model/index.js';
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets } from '#libs/billing/codec/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import { campaignsApplication } from '#libs/campaigns/application/index.js';
import { campaignsEventSets } from '#libs/campaigns/codec/index.js';
import { campaignsProjections, campaignsQueries } from '#libs/campaigns/read-model/index.js';
import { casesApplication } from '#libs/cases/application/index.js';
import { casesEventSets } from '#libs/cases/codec/index.js';
import { casesProjections, casesQueries } from '#libs/cases/read-model/index.js';
import { contractsApplication } from '#libs/contracts/application/index.js';
import { massRefundApplication } from '#libs/contracts/application/mass-refund/index.js';
import { contractsEventSets, releaseContractEvents } from '#libs/contracts/codec/index.js';
import {
  contractsProjections,
  contractsQueries,
  massRefundQueries,
} from '#libs/contracts/read-model/index.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { custodyProjection, ledgerProjection, ledgerQueries } from '#libs/ledger/read-model/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import { fundingApplication } from '#libs/payments/application/funding/index.js';
import { paymentsApplication } from '#libs/payments/application/index.js';
import { payoutsApplication } from '#libs/payments/application/payouts/index.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { paymentsProjections, paymentsQueries } from '#libs/payments/read-model/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import {
  courseProviders,
  coursesProjection,
  tuitionEventSets,
  tuitionProjections,
  tuitionProviders,
} from '#libs/tuition/providers.js';
import {
  APPROVAL_WAITERS_PROVIDER,
  COURSE_CONTRACT_EVENTS_PROVIDER,
  CUSTODY_EVENTS_PROVIDER,
  ISSUED_BILLS_PROVIDER,
  RELEASE_CONTRACT_EVENTS_PROVIDER,
} from './processes.js';

/** Everything this program stores. */
export const EVENT_SETS: readonly EventSet[] = [
  ...onboardingEventSets,
  ...billingEventSets,
  ...paymentsEventSets,
  ...tuitionEventSets,
  ...privacyEventSets,
  ...approvalsEventSets,
  ...casesEventSets,
  ...contractsEventSets,
  ...campaignsEventSets,
];

export const PROJECTIONS: readonly Projection[] = [
  ...onboardingProjections,
  ...billingProjections,
  ...paymentsProjections,
  ...tuitionProjections,
  coursesProjection(releaseContractEvents),
  ...approvalsProjections,
  ...casesProjections,
  ...contractsProjections,
  ...campaignsProjections,
  ledgerProjection(EVENT_SETS),
  custodyProjection(EVENT_SETS),
];

/** Handlers of every command and query. */
export const HANDLERS: readonly Provider[] = [
  ...onboardingApplication,
  ...onboardingQueries,
  ...billingApplication,
  ...billingQueries,
  ...paymentsApplication,
  ...paymentsQueries,
  ...tuitionProviders,
  ...courseProviders,
  ...approvalsApplication,
  ...approvalsQueries,
  ...casesApplication,
  ...casesQueries,
  ...contractsApplication,
  ...contractsQueries,
  ...campaignsApplication,
  ...campaignsQueries,
  ...massRefundApplication,
  ...massRefundQueries,
  ...fundingApplication,
  ...payoutsApplication,
  ...ledgerQueries,
  APPROVAL_WAITERS_PROVIDER,
  ISSUED_BILLS_PROVIDER,
  COURSE_CONTRACT_EVENTS_PROVIDER,
  RELEASE_CONTRACT_EVENTS_PROVIDER,
  CUSTODY_EVENTS_PROVIDER,
];
