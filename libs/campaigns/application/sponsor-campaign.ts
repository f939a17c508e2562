import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid, type WalletId } from '#libs/kernel/ids/index.js';
import { equals, formatDecimal, money, type Money } from '#libs/kernel/money/index.js';
import { WalletPrecheck } from '#libs/payments/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { campaignAggregate } from '../codec/index.js';
import { SponsorCampaign, type CampaignView } from '../contract/index.js';
import { budgetOf } from '../domain/lottery/index.js';
import { CampaignProcess } from './campaign-process.js';
import { campaignViewOf } from './campaign-view.js';
import { stepId } from './ids.js';
import { CAMPAIGN_PARTS, type CampaignParts } from './parts.js';
import { personKeyOf } from './secrets.js';

type Code =
  | 'FORBIDDEN'
  | 'IDEMPOTENCY_CONFLICT'
  | 'CAMPAIGN_NOT_FOUND'
  | 'WALLET_NOT_FOUND'
  | 'AMOUNT_MISMATCH'
  | 'CAMPAIGN_SPONSORED'
  | 'CAMPAIGN_ENDED';
type SponsorOutcome = Outcome<CampaignView, Rejection<Code>>;

/** The sponsor agrees to the campaign; the contract for the budget is ready to be paid into when this is answered. */
@CommandHandler(SponsorCampaign)
export class SponsorCampaignHandler implements ICommandHandler<SponsorCampaign> {
  constructor(
    @Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts,
    @Inject(CampaignProcess) private readonly process: CampaignProcess,
    @Inject(QueryBus) private readonly queries: Pick<QueryBus, 'execute'>,
  ) {}

  async execute({ context, input }: SponsorCampaign): Promise<SponsorOutcome> {
    const { caller, correlationId } = context;
    if (!caller.roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer sponsors a campaign.');
    const { idempotencyKey, campaignId, walletId, expectedBudget } = input;
    assertIdempotencyKey(idempotencyKey);
    if (!isUuid(campaignId)) return NOT_FOUND;
    const { store, runtime, seals } = this.parts;
    const { tenant, accountId, personId } = caller;
    const { state: campaign } = await store.load(campaignAggregate, campaignId);
    if (campaign.status === 'absent' || campaign.tenant !== tenant || campaign.sponsor !== accountId)
      return NOT_FOUND;
    const budget = money(campaign.asset, budgetOf(campaign.award));
    if (expectedBudget.asset !== budget.asset || !equals(expectedBudget, budget)) {
      const details = { expected: formatDecimal(expectedBudget), actual: formatDecimal(budget) };
      return refused('AMOUNT_MISMATCH', 'The budget is another amount.', details);
    }
    if (!(await this.#isOwn(context, walletId, budget)))
      return refused('WALLET_NOT_FOUND', 'There is no such wallet.');
    const at = runtime.clock.now();
    const request = { operation: 'sponsorCampaign', idempotencyKey, input: [campaignId, walletId] };
    const conflict = await claimKey({ store, at }, context, request);
    if (conflict) return { accepted: false, rejection: conflict };
    const sponsorKey = personKeyOf(seals, campaign, personId);
    const command = { kind: 'sponsor', account: accountId, walletId, sponsorKey, at } as const;
    const commandId = stepId(campaignId, 'sponsor', accountId, walletId);
    const result = await store.run(
      campaignAggregate,
      campaignId,
      command,
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused(codeOf(result.rejection.code), result.rejection.message);
    const { state } = await this.process.advance(campaignId, { actor: accountId, correlationId });
    if (state.status === 'absent') throw new Error('A sponsored campaign is not in the log.');
    return { accepted: true, value: campaignViewOf(state) };
  }

  async #isOwn(context: RequestContext, walletId: WalletId, amount: Money): Promise<boolean> {
    return (await this.queries.execute(new WalletPrecheck(context, { walletId, amount }))) !== undefined;
  }
}

function codeOf(code: string): Code {
  if (code === 'CAMPAIGN_SPONSORED' || code === 'CAMPAIGN_ENDED' || code === 'CAMPAIGN_NOT_FOUND')
    return code;
  throw new Error(`Sponsoring a campaign was refused with ${code}.`);
}

function refused(code: Code, message: string, details?: Readonly<Record<string, string>>): SponsorOutcome {
  return { accepted: false, rejection: { code, message, ...(details && { details }) } };
}

const NOT_FOUND = refused('CAMPAIGN_NOT_FOUND', 'There is no such campaign.');
