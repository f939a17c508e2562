import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalJson } from '#libs/signatures/canonical/index.js';
import { ProposeAmendment } from '../../contract/requests.js';
import { TEMPLATES, type ReleaseTemplates } from '../../contract/templates.js';
import { notByHand } from './by-hand.js';
import { ContractActs, idFor } from './contract-acts.js';
import { parameterValuesOf } from './given-parameters.js';
import { ANY_ACT, onlyRefusedWith, refused } from './refusals.js';
import { assertReason } from './texts.js';

/** A party proposes new terms for what is still to come. */
@CommandHandler(ProposeAmendment)
export class ProposeAmendmentHandler implements ICommandHandler<ProposeAmendment> {
  constructor(
    private readonly acts: ContractActs,
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
  ) {}

  async execute({ context, input }: ProposeAmendment) {
    const { contractId, templateVersion, reason, idempotencyKey } = input;
    assertReason(reason);
    const party = await this.acts.partyIn(context, input);
    if (!party.accepted) return party;
    const barred = notByHand(party.value);
    if (barred) return barred;
    const { contract, role } = party.value;
    const version = templateVersion ?? contract.templateVersion;
    const published = await this.templates.find(contract.tenant, contract.templateId, version);
    if (!published) {
      return refused('TEMPLATE_NOT_FOUND', 'There is no such version.', ['input', 'templateVersion']);
    }
    const params = parameterValuesOf(published.template, input.parameters);
    if (!params.accepted) return params;
    const said = [templateVersion ?? '', reason, canonicalJson(params.value)];
    const asked = { ...input, operation: 'proposeAmendment', said };
    const mover = await this.acts.moverFor(context, asked);
    if (!mover.accepted) return mover;
    const outcome = await this.acts.contracts.proposeAmendment(mover.value, role, contractId, {
      amendmentId: idFor(context, 'amendment', { operation: asked.operation, idempotencyKey }),
      ...(templateVersion !== undefined && { templateVersion }),
      params: params.value,
      reason,
    });
    return onlyRefusedWith(outcome, {
      ...ANY_ACT,
      CONTRACT_NOT_SIGNED: true,
      CONTRACT_FROZEN: true,
      CONTRACT_CLOSING: true,
      CONTRACT_CLOSED: true,
      TEMPLATE_NOT_FOUND: true,
      REGION_NOT_FOUND: true,
      INVALID_PARAMETERS: true,
      DISPUTE_OPEN: true,
      AMENDMENT_OPEN: true,
      AMENDMENT_NOT_POSSIBLE: true,
    });
  }
}
