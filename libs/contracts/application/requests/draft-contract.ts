import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId, assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '../../contract/release-contracts.js';
import { DraftContract } from '../../contract/requests.js';
import { TEMPLATES, type ReleaseTemplates } from '../../contract/templates.js';
import { idFor, moverOf } from './contract-acts.js';
import { findOrganisation } from './find-organisation.js';
import { parameterValuesOf } from './given-parameters.js';
import { partiesOf } from './parties-of.js';
import { faultOfParties } from './party-faults.js';
import { onlyRefusedWith, refused } from './refusals.js';

const OPERATION = 'draftContract';

/** An organisation drafts a contract in which it is a party. */
@CommandHandler(DraftContract)
export class DraftContractHandler implements ICommandHandler<DraftContract> {
  constructor(
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, input }: DraftContract) {
    const { tenant, organisation, roles } = context.caller;
    if (organisation === undefined || !roles.includes('bursar')) {
      return refused('FORBIDDEN', 'Only the bursar of an organisation drafts contracts.');
    }
    const { idempotencyKey, templateId, templateVersion, region } = input;
    assertIdempotencyKey(idempotencyKey);
    const parties = partiesOf(input.parties);
    const own = parties.find(({ kind, partyId }) => kind === 'organisation' && partyId === organisation);
    if (!own) {
      return refused('NOT_AUTHORISED', 'The organisation fills no role of the contract.', [
        'input',
        'parties',
      ]);
    }
    const published = await this.templates.find(tenant, templateId, templateVersion);
    if (!published) {
      return refused('TEMPLATE_NOT_FOUND', 'There is no such template.', ['input', 'templateId']);
    }
    const params = parameterValuesOf(published.template, input.parameters);
    if (!params.accepted) return params;
    for (const { kind, partyId, role } of parties) {
      if (kind !== 'organisation') continue;
      if (await findOrganisation(this.queries, context, asId<'organisation'>(partyId))) continue;
      const message = `There is no organisation ${partyId}.`;
      return refused('ORGANISATION_NOT_FOUND', message, ['input', 'parties', role]);
    }
    const fault = await faultOfParties(this.queries, context, published.template, parties);
    if (fault) return fault;
    const contractId = asId<'contract'>(idFor(context, 'contract', { operation: OPERATION, idempotencyKey }));
    const drafted = await this.contracts.draft(
      moverOf(context, deriveUuid(UUID_NAMESPACES.command, contractId, OPERATION)),
      own.role,
      {
        contractId,
        organisationId: organisation,
        subject: `contract-${contractId}`,
        templateId,
        ...(templateVersion !== undefined && { templateVersion }),
        region,
        params: params.value,
        parties,
      },
    );
    return onlyRefusedWith(drafted, {
      IDEMPOTENCY_CONFLICT: true,
      NOT_AUTHORISED: true,
      TEMPLATE_NOT_FOUND: true,
      REGION_NOT_FOUND: true,
      INVALID_PARAMETERS: true,
    });
  }
}
