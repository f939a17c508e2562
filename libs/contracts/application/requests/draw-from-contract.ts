import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DrawFromContract } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, IN_FORCE, onlyRefusedWith } from './refusals.js';

/** Pays what a rule that grows with time has earned by now. */
@CommandHandler(DrawFromContract)
export class DrawFromContractHandler implements ICommandHandler<DrawFromContract> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: DrawFromContract) {
    const { ruleId } = input;
    const asked = { ...input, operation: 'drawFromContract', said: [ruleId] };
    const outcome = await this.acts.act(context, asked, { kind: 'draw', ruleId });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      ...IN_FORCE,
      RULE_NOT_FOUND: true,
      RULE_NOT_APPLICABLE: true,
      NOTHING_TO_PAY: true,
    });
  }
}
