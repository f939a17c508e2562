import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { ClaimFromContract } from '../../contract/requests.js';
import { ContractActs, idFor } from './contract-acts.js';
import { findOrganisation } from './find-organisation.js';
import { ANY_ACT, IN_FORCE, onlyRefusedWith, refused } from './refusals.js';

/** Somebody spends from a contract at an organisation, which is paid what it sold. */
@CommandHandler(ClaimFromContract)
export class ClaimFromContractHandler implements ICommandHandler<ClaimFromContract> {
  constructor(
    private readonly acts: ContractActs,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, input }: ClaimFromContract) {
    const { contractId, ruleId, organisationId, amount, spend = amount } = input;
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const { contract } = party.value;
    // Vouchers and the like are spent where it is checked who spends them where; not past it.
    if (contract.subject !== `contract-${contractId}`) {
      return refused('RULE_NOT_APPLICABLE', `This is spent through ${contract.subject}.`, [
        'input',
        'contractId',
      ]);
    }
    const { asset } = contract.held;
    if (
      amount.amount <= 0n ||
      spend.amount < amount.amount ||
      amount.asset !== asset ||
      spend.asset !== asset
    ) {
      const message = `An amount of ${asset} above zero, and no more than what is bought costs.`;
      return refused('INVALID_AMOUNT', message, ['input', 'amount']);
    }
    const merchant = await findOrganisation(this.queries, context, organisationId);
    if (!merchant) {
      return refused('ORGANISATION_NOT_FOUND', 'There is no such organisation.', ['input', 'organisationId']);
    }
    const said = [ruleId, organisationId, asset, amount.amount.toString(), spend.amount.toString()];
    const asked = { ...input, operation: 'claimFromContract', said };
    const outcome = await this.acts.actAs(context, party.value, asked, {
      kind: 'claim',
      ruleId,
      claimId: idFor(context, 'claim', asked),
      amount: amount.amount,
      spend: spend.amount,
      merchantId: organisationId,
      mcc: categoryOf(merchant),
      merchantAccount: `org:${organisationId}:payable`,
    });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      ...IN_FORCE,
      RULE_NOT_FOUND: true,
      RULE_NOT_APPLICABLE: true,
      MERCHANT_NOT_ALLOWED: true,
      BELOW_MIN_SPEND: true,
      EXCEEDS_CAP: true,
    });
  }
}

/** ISO 18245 as the bank registered it, never as the spender says; none fits no list. */
function categoryOf(merchant: object): string {
  return 'mcc' in merchant && typeof merchant.mcc === 'string' ? merchant.mcc : '';
}
