import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WithdrawContract } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';
import { assertReason } from './texts.js';

/** A draft, or a contract that nobody has paid into, is off. */
@CommandHandler(WithdrawContract)
export class WithdrawContractHandler implements ICommandHandler<WithdrawContract> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: WithdrawContract) {
    const { reason } = input;
    assertReason(reason);
    const asked = { ...input, operation: 'withdrawContract', said: [reason] };
    const outcome = await this.acts.act(context, asked, { kind: 'withdrawDraft', reason });
    return onlyRefusedWith(outcome, { ...ANY_ACT, FUNDING_CLOSED: true, CONTRACT_CLOSED: true });
  }
}
