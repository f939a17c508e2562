import type { Provider } from '@nestjs/common';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { MERCHANTS, type Merchants } from '#libs/onboarding/contract/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, EMPLOYMENT, MESSAGE_SEALS, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { Employment, MessageSeals } from '#libs/security/port/index.js';

/** What campaigns work with. */
export interface CampaignParts {
  readonly store: DeciderStore;
  readonly contracts: ReleaseContracts;
  readonly merchants: Merchants;
  readonly employment: Employment;
  readonly seals: MessageSeals;
  readonly runtime: Runtime;
}

/** Who moves a campaign on: somebody who has asked, or the clock. */
export interface CampaignMover {
  readonly actor: string;
  readonly correlationId: string;
}

export const CAMPAIGN_PARTS = Symbol('CAMPAIGN_PARTS');

type Injected = [DeciderStore, ReleaseContracts, Merchants, Employment, MessageSeals, Runtime];

export const CAMPAIGN_PARTS_PROVIDER: Provider = {
  provide: CAMPAIGN_PARTS,
  inject: [DECIDER_STORE, RELEASE_CONTRACTS, MERCHANTS, EMPLOYMENT, MESSAGE_SEALS, RUNTIME],
  useFactory: (...[store, contracts, merchants, employment, seals, runtime]: Injected): CampaignParts => ({
    store,
    contracts,
    merchants,
    employment,
    seals,
    runtime,
  }),
};
