import type { Provider } from '@nestjs/common';
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets } from '#libs/billing/codec/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import { paymentsApplication } from '#libs/payments/application/index.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { paymentsProjections, paymentsQueries } from '#libs/payments/read-model/index.js';
import { privacyEventSets } from '#libs/security/privacy/index.js';
import { tuitionEventSets, tuitionProjections, tuitionProviders } from '#libs/tuition/providers.js';

/** Everything this program stores. */
export const EVENT_SETS: readonly EventSet[] = [
  ...onboardingEventSets,
  ...billingEventSets,
  ...paymentsEventSets,
  ...tuitionEventSets,
  ...privacyEventSets,
];

export const PROJECTIONS: readonly Projection[] = [
  ...onboardingProjections,
  ...billingProjections,
  ...paymentsProjections,
  ...tuitionProjections,
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
];
