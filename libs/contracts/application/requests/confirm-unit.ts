import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ConfirmUnit } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';

/** Ends the period of notice of one unit at once. */
@CommandHandler(ConfirmUnit)
export class ConfirmUnitHandler implements ICommandHandler<ConfirmUnit> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: ConfirmUnit) {
    const { ruleId, dedupeKey } = input;
    const asked = { ...input, operation: 'confirmUnit', said: [ruleId, dedupeKey] };
    const outcome = await this.acts.act(context, asked, { kind: 'confirm', ruleId, dedupeKey });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      CONTRACT_NOT_ACTIVE: true,
      CONTRACT_FROZEN: true,
      CONTRACT_CLOSED: true,
      RULE_NOT_FOUND: true,
      UNIT_NOT_FOUND: true,
      NOT_COOLING: true,
    });
  }
}
