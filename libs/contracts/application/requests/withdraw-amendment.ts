import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WithdrawAmendment } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';

/** Whoever proposed new terms takes them back. */
@CommandHandler(WithdrawAmendment)
export class WithdrawAmendmentHandler implements ICommandHandler<WithdrawAmendment> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: WithdrawAmendment) {
    const { amendmentId } = input;
    const asked = { ...input, operation: 'withdrawAmendment', said: [amendmentId] };
    const outcome = await this.acts.act(context, asked, { kind: 'withdrawAmendment', amendmentId });
    return onlyRefusedWith(outcome, { ...ANY_ACT, CONTRACT_CLOSED: true, AMENDMENT_NOT_FOUND: true });
  }
}
