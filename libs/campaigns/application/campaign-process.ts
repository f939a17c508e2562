import { Inject, Injectable } from '@nestjs/common';
import type { ContractStatus } from '#libs/contracts/contract/release-contracts.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { campaignAggregate } from '../codec/index.js';
import type {
  CampaignCommand,
  CampaignId,
  CampaignState,
  EndReason,
  KnownCampaign,
} from '../domain/campaign/index.js';
import { AwardSteps } from './award-steps.js';
import { BudgetSteps } from './budget-steps.js';
import { drawOf } from './draw-steps.js';
import { stepId } from './ids.js';
import { CAMPAIGN_PARTS, type CampaignMover, type CampaignParts } from './parts.js';

export interface Advanced {
  readonly state: CampaignState;
  /** What keeps it from going on although it is due. */
  readonly waitsFor?: string;
}

/** Contracts of these statuses hold nothing and never will again. */
const OVER: ReadonlySet<ContractStatus> = new Set(['completed', 'cancelled', 'refunded', 'expired']);

type Step = { readonly command: CampaignCommand } | { readonly waitsFor?: string };

/**
 * Takes a campaign as far as it goes now: opens it when the money is there, draws when it is time, gives every winner a voucher,
 * ends it. Every step can be repeated by anybody: what was done is found done, by ids that derive from the campaign and the rank.
 */
@Injectable()
export class CampaignProcess {
  readonly #budget: BudgetSteps;
  readonly #awards: AwardSteps;

  constructor(@Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts) {
    this.#budget = new BudgetSteps(parts);
    this.#awards = new AwardSteps(parts);
  }

  /** @throws CommandTimedOut, CommandOverloaded, EventLogError */
  async advance(campaignId: CampaignId, mover: CampaignMover): Promise<Advanced> {
    let { state } = await this.parts.store.load(campaignAggregate, campaignId);
    for (;;) {
      if (state.status === 'absent' || state.status === 'ended') return { state };
      const step = await this.#next(state, mover);
      if (!('command' in step)) return { state, ...step };
      const before: KnownCampaign = state;
      state = await this.#run(state, step.command, mover);
      // Somebody else has signed up while the draw was computed, say: what is true now decides. Never in circles.
      if (state === before) return { state };
    }
  }

  #next(state: KnownCampaign, mover: CampaignMover): Promise<Step> | Step {
    const at = this.parts.runtime.clock.now();
    switch (state.status) {
      case 'drafted':
        return at >= state.closesAt ? end('notFunded', at) : {};
      case 'sponsored':
        return this.#funding(state, mover, at);
      case 'open':
        return at >= state.drawAt ? this.#drawing(state, at) : {};
      case 'drawn':
        return this.#awarding(state, mover, at);
      case 'awarded':
        return at >= state.expiresAt ? end('completed', at) : {};
      case 'ended':
        return {};
    }
  }

  async #drawing(state: KnownCampaign, at: Instant): Promise<Step> {
    return { command: await drawOf(this.parts, state, at) };
  }

  async #funding(state: KnownCampaign, mover: CampaignMover, at: Instant): Promise<Step> {
    const budget = await this.#budget.signed(state, mover);
    if (budget.found?.status === 'active') return { command: { kind: 'open', at } };
    if (budget.found && OVER.has(budget.found.status)) return end('notFunded', at);
    if (!budget.found && at >= state.closesAt) return end('notFunded', at);
    return { waitsFor: budget.refusal ?? 'The budget has not been paid in yet.' };
  }

  async #awarding(state: KnownCampaign, mover: CampaignMover, at: Instant): Promise<Step> {
    const { through, refusal } = await this.#awards.next(state, mover);
    if (through > state.granted) return { command: { kind: 'grant', from: state.granted + 1, through, at } };
    const budget = await this.parts.contracts.find(state.tenant, state.budgetContractId);
    if (!budget || OVER.has(budget.status) || budget.status === 'closing') return end('budgetEnded', at);
    return { waitsFor: `An award was refused with ${refusal ?? 'no reason'}.` };
  }

  async #run(state: KnownCampaign, command: CampaignCommand, mover: CampaignMover): Promise<CampaignState> {
    const { tenant, campaignId, organiser } = state;
    const at = this.parts.runtime.clock.now();
    const commandId = stepId(campaignId, command.kind, ...detailOf(command));
    const context = { ...mover, tenant, organisation: organiser, commandId, at };
    const result = await this.parts.store.run(campaignAggregate, campaignId, command, context);
    if (!result.accepted && result.rejection.code !== 'DRAW_STALE')
      throw new Error(`${command.kind} of campaign ${campaignId} was refused with ${result.rejection.code}.`);
    return result.state;
  }
}

function end(reason: EndReason, at: Instant): Step {
  return { command: { kind: 'end', reason, at } };
}

/** What tells two commands of the same kind apart. */
function detailOf(command: CampaignCommand): readonly string[] {
  if (command.kind === 'grant') return [String(command.from), String(command.through)];
  if (command.kind === 'draw') return [String(command.signUps)];
  return [];
}
