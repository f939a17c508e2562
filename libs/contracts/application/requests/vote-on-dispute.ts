import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { VoteOnDispute } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';

/** A role says how the dispute is to end. */
@CommandHandler(VoteOnDispute)
export class VoteOnDisputeHandler implements ICommandHandler<VoteOnDispute> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: VoteOnDispute) {
    const { disputeId, outcome: vote } = input;
    const asked = { ...input, operation: 'voteOnDispute', said: [disputeId, vote] };
    const outcome = await this.acts.act(context, asked, { kind: 'vote', disputeId, outcome: vote });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      CONTRACT_CLOSED: true,
      DISPUTE_NOT_FOUND: true,
      ALREADY_VOTED: true,
    });
  }
}
