import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ObjectToUnit } from '../../contract/requests.js';
import { ContractActs, idFor } from './contract-acts.js';
import { ANY_ACT, onlyRefusedWith } from './refusals.js';
import { assertReasonCode } from './texts.js';

/** Opens a dispute about one unit within its period of notice. */
@CommandHandler(ObjectToUnit)
export class ObjectToUnitHandler implements ICommandHandler<ObjectToUnit> {
  constructor(private readonly acts: ContractActs) {}

  async execute({ context, input }: ObjectToUnit) {
    const { ruleId, dedupeKey, reasonCode } = input;
    assertReasonCode(reasonCode);
    const asked = { ...input, operation: 'objectToUnit', said: [ruleId, dedupeKey, reasonCode] };
    const disputeId = idFor(context, 'dispute', asked);
    const subject = { ruleId, dedupeKey };
    const outcome = await this.acts.act(context, asked, { kind: 'dispute', disputeId, subject, reasonCode });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      CONTRACT_NOT_ACTIVE: true,
      CONTRACT_CLOSED: true,
      RULE_NOT_FOUND: true,
      UNIT_NOT_FOUND: true,
      NOT_COOLING: true,
      DISPUTE_OPEN: true,
    });
  }
}
