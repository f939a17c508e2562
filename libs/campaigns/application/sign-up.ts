import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { campaignAggregate } from '../codec/index.js';
import { SignUpForCampaign, type SignUpView } from '../contract/index.js';
import type { CampaignRefusal, KnownCampaign } from '../domain/campaign/index.js';
import { CampaignProcess } from './campaign-process.js';
import { signUpIdOf, stepId } from './ids.js';
import { isStaffOf } from './merchants.js';
import { CAMPAIGN_PARTS, type CampaignParts } from './parts.js';
import { personKeyOf } from './secrets.js';

type SignUpOutcome = Outcome<
  SignUpView,
  Rejection<
    | 'FORBIDDEN'
    | 'CAMPAIGN_NOT_FOUND'
    | 'CAMPAIGN_NOT_OPEN'
    | 'CAMPAIGN_ENDED'
    | 'CAMPAIGN_FULL'
    | 'SIGN_UP_CLOSED'
    | 'ALREADY_SIGNED_UP'
    | 'NOT_ELIGIBLE'
  >
>;

/** Somebody takes part in a campaign. */
@CommandHandler(SignUpForCampaign)
export class SignUpHandler implements ICommandHandler<SignUpForCampaign> {
  constructor(
    @Inject(CAMPAIGN_PARTS) private readonly parts: CampaignParts,
    @Inject(CampaignProcess) private readonly process: CampaignProcess,
  ) {}

  async execute({ context, input }: SignUpForCampaign): Promise<SignUpOutcome> {
    const { caller, correlationId } = context;
    if (!caller.roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer signs up.');
    assertIdempotencyKey(input.idempotencyKey);
    const { campaignId } = input;
    if (!isUuid(campaignId)) return NOT_FOUND;
    const { state: found } = await this.parts.store.load(campaignAggregate, campaignId);
    // A draft is nobody's business but its makers'.
    if (found.status === 'absent' || found.status === 'drafted' || found.tenant !== caller.tenant)
      return NOT_FOUND;
    if (await isStaffOf(this.parts, found, caller))
      return refused(
        'NOT_ELIGIBLE',
        'Staff of the organiser or of a merchant of the campaign cannot take part.',
      );
    if (found.status === 'sponsored')
      await this.process.advance(campaignId, { actor: caller.accountId, correlationId });
    return this.#signUp(context, input, found);
  }

  async #signUp(
    context: RequestContext,
    { campaignId, idempotencyKey }: SignUpForCampaign['input'],
    campaign: KnownCampaign,
  ): Promise<SignUpOutcome> {
    const { store, runtime, seals } = this.parts;
    const { accountId: account, personId } = context.caller;
    const at = runtime.clock.now();
    const personKey = personKeyOf(seals, campaign, personId);
    const signUpId = signUpIdOf(campaignId, personKey);
    const command = { kind: 'signUp', signUpId, account, personKey, at } as const;
    const commandId = stepId(campaignId, 'signUp', account, idempotencyKey);
    const base = commandContext(context, commandId, at);
    const result = await store.run(campaignAggregate, campaignId, command, base);
    if (!result.accepted) return { accepted: false, rejection: rejectionOf(result.rejection) };
    const event = result.events.find(({ type }) => type === 'SignUpRecorded');
    if (event?.type !== 'SignUpRecorded') throw new Error('A sign-up is not in the log.');
    const { number, signedUpAt } = event.data;
    return { accepted: true, value: { id: signUpId, campaignId, number, signedUpAt, outcome: 'WAITING' } };
  }
}

function rejectionOf({
  code,
  message,
}: CampaignRefusal): Extract<SignUpOutcome, { accepted: false }>['rejection'] {
  switch (code) {
    case 'CAMPAIGN_NOT_FOUND':
    case 'CAMPAIGN_NOT_OPEN':
    case 'CAMPAIGN_ENDED':
    case 'CAMPAIGN_FULL':
    case 'SIGN_UP_CLOSED':
    case 'ALREADY_SIGNED_UP':
    case 'NOT_ELIGIBLE':
      return { code, message };
    default:
      throw new Error(`Signing up was refused with ${code}.`);
  }
}

function refused(
  code: Extract<SignUpOutcome, { accepted: false }>['rejection']['code'],
  message: string,
): SignUpOutcome {
  return { accepted: false, rejection: { code, message } };
}

const NOT_FOUND = refused('CAMPAIGN_NOT_FOUND', 'There is no such campaign.');
