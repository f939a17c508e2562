/** Campaigns as a program runs them, with views, queries and the clock, over release contracts on a log in memory. */
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  CampaignClock,
  CampaignContracts,
  campaignsApplication,
  RELEASE_CONTRACT_EVENTS,
} from '#libs/campaigns/application/index.js';
import { campaignsEventSets } from '#libs/campaigns/codec/index.js';
import { campaignsProjections, campaignsQueries } from '#libs/campaigns/read-model/index.js';
import { releaseContractEvents } from '#libs/contracts/codec/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import { WalletPrecheck, type WalletPrecheckView } from '#libs/payments/contract/index.js';
import { EMPLOYMENT, MESSAGE_SEALS } from '#libs/runtime/port/tokens.js';
import { noEmployment } from '#libs/security/adapters/demo/demo-employment.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import { contractsWorld, type ContractsWorld } from './contracts-views-world.js';
import { seededRng } from './runtime/index.js';

export interface CampaignsWorld extends ContractsWorld {
  /** Lets campaigns do what is due, once the views have caught up. */
  sweep(): Promise<void>;
}

/** Everybody's wallet is their own here; whose it is is payments' affair. */
@QueryHandler(WalletPrecheck)
class EverybodysWallet implements IQueryHandler<WalletPrecheck> {
  execute(): Promise<WalletPrecheckView | undefined> {
    return Promise.resolve({ allowed: true });
  }
}

export async function campaignsWorld(): Promise<CampaignsWorld> {
  const world = await contractsWorld({
    events: [...campaignsEventSets, ...onboardingEventSets],
    projections: [...campaignsProjections, ...onboardingProjections],
    providers: [
      { provide: EMPLOYMENT, useValue: noEmployment },
      { provide: MESSAGE_SEALS, useValue: sealsOf(seededRng(1).bytes(32)) },
      { provide: RELEASE_CONTRACT_EVENTS, useValue: releaseContractEvents },
      EverybodysWallet,
      ...campaignsApplication,
      ...campaignsQueries,
      ...onboardingApplication,
      ...onboardingQueries,
    ],
    managers: [CampaignContracts],
  });
  return {
    ...world,
    async sweep() {
      await world.consumers.caughtUp();
      await world.part<CampaignClock>(CampaignClock).sweep(0);
      await world.consumers.caughtUp();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
