import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, type OrganisationId } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { actsFor, type Caller } from '#libs/security/port/index.js';
import { campaignAggregate } from '../codec/index.js';
import {
  CreateCampaign,
  LOTTERY_HASH,
  type CampaignView,
  type CreateCampaignInput,
} from '../contract/index.js';
import type { CampaignId, CampaignTerms, SpendingTerms } from '../domain/campaign/index.js';
import { MOST_SHOPS } from '../domain/campaign/limits.js';
import { commitmentOf, type AwardAmounts } from '../domain/lottery/index.js';
import { campaignViewOf } from './campaign-view.js';
import { budgetContractOf, campaignIdFor, stepId } from './ids.js';
import { CAMPAIGN_PARTS, type CampaignParts } from './parts.js';
import { newSeed, personKeyOf, underPad } from './secrets.js';

type Code = 'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'ORGANISATION_NOT_FOUND' | 'INVALID_CAMPAIGN';
type CreateOutcome = Outcome<CampaignView, Rejection<Code>>;

/** Draws a campaign up and commits to the seed of its draw, before anybody can take part. */
@CommandHandler(CreateCampaign)
export class CreateCampaignHandler implements ICommandHandler<CreateCampaign> {
  constructor(@Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts) {}

  async execute({ context, input }: CreateCampaign): Promise<CreateOutcome> {
    const { caller } = context;
    if (!mayOrganise(caller, input.organisationId)) {
      return refused('FORBIDDEN', 'Only the organisation or business development runs campaigns.');
    }
    const { idempotencyKey } = input;
    assertIdempotencyKey(idempotencyKey);
    const { store, runtime } = this.parts;
    const { tenant, accountId } = caller;
    const campaignId = campaignIdFor({ tenant, accountId, idempotencyKey });
    const inputHash = inputHashOf(input);
    const { state: known } = await store.load(campaignAggregate, campaignId);
    if (known.status !== 'absent') {
      if (known.inputHash === inputHash) return { accepted: true, value: campaignViewOf(known) };
      return refused('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
    }
    const missing = await this.#missingOrganisation(caller, input);
    if (missing) return refused('ORGANISATION_NOT_FOUND', 'There is no such organisation.', missing);
    const at = runtime.clock.now();
    const terms = this.#termsOf(caller, { campaignId, inputHash, at }, input);
    const commandId = stepId(campaignId, 'draft', inputHash);
    const command = { kind: 'draft', terms, at } as const;
    const result = await store.run(
      campaignAggregate,
      campaignId,
      command,
      commandContext(context, commandId, at),
    );
    if (!result.accepted) {
      const { code, message, path, details } = result.rejection;
      if (code !== 'INVALID_CAMPAIGN' && code !== 'IDEMPOTENCY_CONFLICT')
        throw new Error(`Drafting a campaign was refused with ${code}.`);
      return {
        accepted: false,
        rejection: { code, message, ...(path && { path }), ...(details && { details }) },
      };
    }
    if (result.state.status === 'absent') throw new Error('A drafted campaign is not in the log.');
    return { accepted: true, value: campaignViewOf(result.state) };
  }

  #termsOf(
    { tenant, personId }: Caller,
    {
      campaignId,
      inputHash,
      at,
    }: { campaignId: CampaignId; inputHash: string; at: CampaignTerms['draftedAt'] },
    input: CreateCampaignInput,
  ): CampaignTerms {
    const { runtime, seals } = this.parts;
    const seed = newSeed(runtime.rng);
    const place = { tenant, campaignId };
    return {
      ...place,
      organiser: input.organisationId,
      name: input.name,
      sponsor: input.sponsorAccountId,
      kind: input.awards.kind === 'vouchers' ? 'voucher' : 'redPacket',
      asset: CNY,
      award: awardOf(input),
      spending: spendingOf(input),
      opensAt: input.opensAt,
      closesAt: input.closesAt,
      drawAt: input.drawAt ?? input.closesAt,
      expiresAt: input.expiresAt,
      budgetContractId: budgetContractOf(campaignId),
      commitment: commitmentOf(seed, LOTTERY_HASH),
      sealedSeed: underPad(seals, place, seed),
      makerKey: personKeyOf(seals, place, personId),
      inputHash,
      draftedAt: at,
    };
  }

  /** Path of the first organisation that is not there. */
  async #missingOrganisation(
    { tenant }: Caller,
    { organisationId, awards }: CreateCampaignInput,
  ): Promise<readonly string[] | undefined> {
    const { merchants, runtime } = this.parts;
    const today = localDateOf(runtime.clock.now());
    if (!(await merchants.find(tenant, organisationId, today))) return ['input', 'organisationId'];
    if (awards.kind !== 'vouchers') return undefined;
    // More than a campaign may name are refused as such, and not looked up first.
    for (const [index, shop] of awards.shops.slice(0, MOST_SHOPS).entries()) {
      if (!(await merchants.find(tenant, shop, today)))
        return ['input', 'awards', 'vouchers', 'shops', String(index)];
    }
    return undefined;
  }
}

function mayOrganise(caller: Caller, organisationId: OrganisationId): boolean {
  if (actsFor(caller, organisationId, 'bursar')) return true;
  return caller.organisation === undefined && caller.roles.includes('bd');
}

function awardOf({ awards }: CreateCampaignInput): AwardAmounts {
  if (awards.kind === 'redPackets') {
    const { pot, packets, split } = awards;
    return { kind: 'packets', pot: pot.amount, packets, split };
  }
  return {
    kind: 'prizes',
    prizes: awards.prizes.map(({ amount, count }) => ({ amount: amount.amount, count })),
  };
}

function spendingOf({ awards }: CreateCampaignInput): SpendingTerms {
  if (awards.kind === 'redPackets') return { shops: [], mccs: [], minSpend: 0n };
  const { shops, categories, minSpend } = awards;
  return { shops, mccs: categories, minSpend: minSpend?.amount ?? 0n };
}

function inputHashOf({ idempotencyKey: _key, ...said }: CreateCampaignInput): string {
  const text = JSON.stringify(said, (_, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : part,
  );
  return hash('sha256', text, 'hex');
}

function refused(code: Code, message: string, path?: readonly string[]): CreateOutcome {
  return { accepted: false, rejection: { code, message, ...(path && { path }) } };
}
