import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { WithdrawContract } from '../../contract/requests.js';
import { notByHand } from './by-hand.js';
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
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const barred = notByHand(party.value);
    if (barred) return barred;
    const asked = { ...input, operation: 'withdrawContract', said: [reason] };
    const act = { kind: 'withdrawDraft', reason } as const;
    const outcome = await this.acts.actAs(context, party.value, asked, act);
    return onlyRefusedWith(outcome, { ...ANY_ACT, FUNDING_CLOSED: true, CONTRACT_CLOSED: true });
  }
}
