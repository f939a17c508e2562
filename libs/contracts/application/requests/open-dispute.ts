import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { OpenDispute } from '../../contract/requests.js';
import { notByHand } from './by-hand.js';
import { ContractActs, idFor } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';
import { assertReasonCode } from './texts.js';

/** Opens a dispute about the whole contract: nothing moves until it is decided. */
@CommandHandler(OpenDispute)
export class OpenDisputeHandler implements ICommandHandler<OpenDispute> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: OpenDispute) {
    const { reasonCode } = input;
    assertReasonCode(reasonCode);
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const barred = notByHand(party.value);
    if (barred) return barred;
    const asked = { ...input, operation: 'openDispute', said: [reasonCode] };
    const disputeId = idFor(context, 'dispute', asked);
    const act = { kind: 'dispute', disputeId, subject: null, reasonCode } as const;
    const outcome = await this.acts.actAs(context, party.value, asked, act);
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      CONTRACT_NOT_ACTIVE: true,
      CONTRACT_CLOSED: true,
      DISPUTE_OPEN: true,
    });
  }
}
