import { Inject, Injectable } from '@nestjs/common';
import type { ContractId, TenantId } from '#libs/kernel/ids/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';
import { campaignAggregate } from '../codec/index.js';
import { holderOf } from '../contract/voucher-shape.js';
import { CampaignProcess } from './campaign-process.js';
import { campaignOfBudget, campaignOfSubject } from './ids.js';
import { CAMPAIGN_PARTS, type CampaignParts } from './parts.js';
import { recordSpending } from './record-spending.js';

/** Injection token: the `EventSet` of release contracts. */
export const RELEASE_CONTRACT_EVENTS = Symbol('RELEASE_CONTRACT_EVENTS');

const ACTOR = 'system:campaigns';

/** What is read of `ContractActivated` and `EntitlementAccrued` of release contracts. */
interface ContractHappening {
  readonly contractId: ContractId;
  readonly at: Instant;
  readonly asset: Asset;
  readonly before?: bigint;
  readonly after?: bigint;
  readonly claim?: {
    readonly claimId: string;
    readonly spend: bigint;
    readonly merchantId: string;
    readonly account: AccountPath;
  };
}

/**
 * Follows release contracts: a campaign opens as soon as its budget is there, and every spending of a voucher is written down, also
 * when the request that made it died on the way. At least once; what it sends derives from what it has read.
 */
@Injectable()
export class CampaignContracts implements ProcessManager {
  readonly name = 'campaign-contracts';
  readonly events: readonly EventSet[];
  readonly concurrency = 4;

  constructor(
    @Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts,
    @Inject(CampaignProcess) private readonly process: CampaignProcess,
    @Inject(RELEASE_CONTRACT_EVENTS) events: EventSet,
  ) {
    this.events = [events];
  }

  async react({ event, metadata }: DecodedEvent): Promise<void> {
    const { correlationId, tenant } = metadata;
    const happened = event.data as ContractHappening;
    if (event.type === 'ContractActivated') return this.#open(happened.contractId, correlationId);
    if (event.type === 'EntitlementAccrued' && happened.claim)
      await this.#record(happened, { tenant: asId<'tenant'>(tenant), correlationId });
  }

  async #open(contractId: ContractId, correlationId: string): Promise<void> {
    const campaignId = campaignOfBudget(contractId);
    const { state } = await this.parts.store.load(campaignAggregate, campaignId);
    if (state.status === 'sponsored') await this.process.advance(campaignId, { actor: ACTOR, correlationId });
  }

  async #record(
    { contractId, at, asset, before, after, claim }: ContractHappening,
    { tenant, correlationId }: { tenant: TenantId; correlationId: string },
  ): Promise<void> {
    // Money that goes from contract to contract is no spending.
    if (!claim?.account.startsWith('org:') || before === undefined || after === undefined) return;
    const contract = await this.parts.contracts.find(tenant, contractId);
    const campaignId = contract && campaignOfSubject(contract.subject);
    const account = contract && holderOf(contract);
    if (!campaignId || account === undefined) return;
    const spending = {
      spendId: claim.claimId,
      tenant,
      voucherId: contractId,
      campaignId,
      account,
      organisationId: asId<'organisation'>(claim.merchantId),
      asset,
      amount: after - before,
      spend: claim.spend,
      spentAt: at,
    };
    await recordSpending(this.parts.store, spending, { actor: ACTOR, correlationId });
  }
}
