import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApproveUnit } from '../../contract/requests.js';
import { ContractActs } from './contract-acts.js';
import { ANY_ACT, IN_FORCE, onlyRefusedWith } from './refusals.js';

/** A role agrees, or not, to what a rule waits for. */
@CommandHandler(ApproveUnit)
export class ApproveUnitHandler implements ICommandHandler<ApproveUnit> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: ApproveUnit) {
    const { ruleId, dedupeKey, decision } = input;
    const asked = { ...input, operation: 'approveUnit', said: [ruleId, dedupeKey, decision] };
    const outcome = await this.acts.act(context, asked, { kind: 'approve', ruleId, dedupeKey, decision });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      ...IN_FORCE,
      RULE_NOT_FOUND: true,
      RULE_NOT_APPLICABLE: true,
      UNIT_NOT_FOUND: true,
      ALREADY_VOTED: true,
      NOTHING_TO_PAY: true,
      EXCEEDS_UNITS: true,
    });
  }
}
