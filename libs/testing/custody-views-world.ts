/** Release contracts, payments and the custody of both as a program runs them, with views, on a log in memory. */
import { billingApplication } from '#libs/billing/application/index.js';
import { billingEventSets, issuedBillEvents } from '#libs/billing/codec/index.js';
import { billingProjections, billingQueries } from '#libs/billing/read-model/index.js';
import { casesApplication } from '#libs/cases/application/index.js';
import { casesEventSets } from '#libs/cases/codec/index.js';
import { casesProjections } from '#libs/cases/read-model/index.js';
import { EXTERNAL_CHANNEL } from '#libs/channels/port/index.js';
import { contractsEventSets, custodyEvents } from '#libs/contracts/codec/index.js';
import { CustodyCheckHandler } from '#libs/ledger/read-model/custody-check.js';
import { custodyProjection, ledgerProjection } from '#libs/ledger/read-model/index.js';
import { fundingApplication } from '#libs/payments/application/funding/index.js';
import { ISSUED_BILLS, paymentsApplication, REHEARSAL } from '#libs/payments/application/index.js';
import {
  ContractPayouts,
  CUSTODY_EVENTS,
  payoutsApplication,
} from '#libs/payments/application/payouts/index.js';
import { paymentsEventSets } from '#libs/payments/codec/index.js';
import { paymentsProjections, paymentsQueries } from '#libs/payments/read-model/index.js';
import { DEMO_MONEY, EVENT_LOG, IDENTITY_CHECK, MESSAGE_SEALS } from '#libs/runtime/port/tokens.js';
import { demoIdentityCheck } from '#libs/security/adapters/demo/demo-identity-check.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import { contractsWorld, type ContractsWorld } from './contracts-views-world.js';
import { MemoryEventLog } from './memory-event-log.js';
import { NO_INSTITUTION } from './payment-world.js';

export function custodyViewsWorld(): Promise<ContractsWorld> {
  const sets = [...billingEventSets, ...casesEventSets, ...paymentsEventSets];
  const all = [...sets, ...contractsEventSets];
  return contractsWorld({
    events: sets,
    projections: [
      ...billingProjections,
      ...casesProjections,
      ...paymentsProjections,
      ledgerProjection(all),
      custodyProjection(all),
    ],
    managers: [ContractPayouts],
    providers: [
      { provide: EXTERNAL_CHANNEL, useValue: NO_INSTITUTION },
      { provide: DEMO_MONEY, useValue: true },
      { provide: IDENTITY_CHECK, useValue: demoIdentityCheck },
      { provide: MESSAGE_SEALS, useValue: sealsOf(new Uint8Array(32)) },
      { provide: REHEARSAL, useValue: () => undefined },
      { provide: ISSUED_BILLS, useValue: issuedBillEvents },
      { provide: CUSTODY_EVENTS, useValue: custodyEvents },
      { provide: EVENT_LOG, useValue: new MemoryEventLog() },
      ...billingApplication,
      ...billingQueries,
      ...casesApplication,
      ...paymentsApplication,
      ...paymentsQueries,
      ...fundingApplication,
      ...payoutsApplication,
      CustodyCheckHandler,
    ],
  });
}
