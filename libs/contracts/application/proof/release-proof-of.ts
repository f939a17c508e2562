import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { EVENT_LOG } from '#libs/runtime/port/tokens.js';
import { type Caller, mayReadOrganisation } from '#libs/security/port/index.js';
import { type ProofRejection, type ReleaseProof, ReleaseProofOf } from '../../contract/proof.js';
import {
  type ContractSummary,
  RELEASE_CONTRACTS,
  type ReleaseContracts,
} from '../../contract/release-contracts.js';
import { buildReleaseProof } from './build-proof.js';
import { PROOF_SCHEMAS, type ProofSchemas } from './proof-schemas.js';

@QueryHandler(ReleaseProofOf)
export class ReleaseProofOfHandler implements IQueryHandler<ReleaseProofOf> {
  constructor(
    @Inject(RELEASE_CONTRACTS) private readonly contracts: ReleaseContracts,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PROOF_SCHEMAS) private readonly schemas: ProofSchemas,
  ) {}

  async execute({
    context: { caller },
    contractId,
    payoutId,
  }: ReleaseProofOf): Promise<Outcome<ReleaseProof, ProofRejection>> {
    const contract = isUuid(contractId) ? await this.contracts.find(caller.tenant, contractId) : undefined;
    if (!contract || !mayProve(caller, contract)) return NOT_FOUND;
    const { log, schemas } = this;
    return buildReleaseProof({ log, schemas }, contract.contractId, payoutId);
  }
}

/** Parties, whoever works for an organisation that is one or in whose name it is, auditors and staff of the tenant. */
function mayProve(caller: Caller, { organisationId, parties }: ContractSummary): boolean {
  if (mayReadOrganisation(caller, organisationId)) return true;
  return parties.some(({ kind, partyId }) =>
    kind === 'account'
      ? partyId === caller.accountId && caller.roles.includes('payer')
      : caller.organisation === partyId && mayReadOrganisation(caller, caller.organisation),
  );
}

const NOT_FOUND = {
  accepted: false,
  rejection: { code: 'CONTRACT_NOT_FOUND', message: 'There is no such contract.' },
} as const;
