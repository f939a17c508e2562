import { Inject, Injectable, type Provider } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, TenantId } from '#libs/kernel/ids/index.js';
import { SIGNATURE_VERIFIER } from '#libs/runtime/port/tokens.js';
import { canonicalJson, sha256Hex } from '#libs/signatures/canonical/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type {
  ContractAct,
  ContractMover,
  ContractOutcome,
  ContractSummary,
  DraftInput,
  ReleaseContracts,
  SignedEvidence,
} from '../contract/release-contracts.js';
import type { Contract } from '../domain/release-contract/state.js';
import { ContractDocuments, type Amendment } from './contract-document.js';
import { actorIn, ContractStreams, type Decided } from './contract-streams.js';
import { admitEvidence, type AdmissionPorts } from './evidence/admit-evidence.js';
import { EVIDENCE_SCHEMAS, type EvidenceSchemas } from './evidence/evidence-schemas.js';
import { summaryOf } from './summary.js';

const ADMISSION_PORTS = Symbol('ADMISSION_PORTS');

export const ADMISSION_PROVIDER: Provider = {
  provide: ADMISSION_PORTS,
  inject: [SIGNATURE_VERIFIER, EVIDENCE_SCHEMAS],
  useFactory: (verifier: SignatureVerifier, schemas: EvidenceSchemas): AdmissionPorts => ({
    verifier,
    schemas,
  }),
};

/** Release contracts for everybody in this process: each method is one command on one contract. */
@Injectable()
export class ContractDesk implements ReleaseContracts {
  constructor(
    @Inject(ContractStreams) private readonly streams: ContractStreams,
    @Inject(ContractDocuments) private readonly documents: ContractDocuments,
    @Inject(ADMISSION_PORTS) private readonly admission: AdmissionPorts,
  ) {}

  async draft(mover: ContractMover, role: string, input: DraftInput): ContractOutcome {
    const { contractId, organisationId, subject, parties } = input;
    const inputHash = inputHashOf(input);
    // Before anything that changes with the day: a repeat finds the contract, whatever is published since.
    const known = await this.streams.load(contractId);
    if (known) return repeatOf(mover, known, inputHash);
    const drafted = await this.documents.drafted(mover.tenant, input);
    if (!drafted.accepted) return drafted;
    const { document, region } = drafted.value;
    const by = actorIn({ parties }, role, mover);
    const result = await this.streams.run(mover, { contractId, organisationId, region }, by, {
      kind: 'draft',
      contractId,
      tenant: mover.tenant,
      organisationId,
      inputHash,
      subject,
      region: input.region,
      parties,
      ...document,
    });
    return result.accepted ? repeatOf(mover, result.value, inputHash) : result;
  }

  async act(mover: ContractMover, role: string, contractId: ContractId, act: ContractAct): ContractOutcome {
    const contract = await this.streams.find(mover.tenant, contractId);
    if (!contract) return NOT_FOUND;
    return shown(await this.streams.decide(mover, contract, actorIn(contract, role, mover), act));
  }

  async attest(mover: ContractMover, contractId: ContractId, evidence: SignedEvidence): ContractOutcome {
    const contract = await this.streams.find(mover.tenant, contractId);
    if (!contract) return NOT_FOUND;
    const { attestors } = contract.terms;
    const admitted = await admitEvidence(this.admission, { contractId, attestors }, evidence);
    if (!admitted.accepted) return admitted;
    const { statementHash } = admitted.value;
    const evidenceId = deriveUuid(UUID_NAMESPACES.entity, 'evidence', contractId, statementHash);
    // The keys speak for themselves, whoever hands it in.
    const by = { role: 'system', partyId: mover.actor } as const;
    const ask = { kind: 'attest', evidenceId, ...admitted.value } as const;
    return shown(await this.streams.decide(mover, contract, by, ask));
  }

  async proposeAmendment(
    mover: ContractMover,
    role: string,
    contractId: ContractId,
    amendment: Amendment & { readonly reason: string },
  ): ContractOutcome {
    const contract = await this.streams.find(mover.tenant, contractId);
    if (!contract) return NOT_FOUND;
    const document = await this.documents.amended(contract, amendment);
    if (!document.accepted) return document;
    const { amendmentId, reason } = amendment;
    const ask = { kind: 'proposeAmendment', amendmentId, reason, ...document.value } as const;
    return shown(await this.streams.decide(mover, contract, actorIn(contract, role, mover), ask));
  }

  async find(tenant: TenantId, contractId: ContractId): Promise<ContractSummary | undefined> {
    const contract = await this.streams.find(tenant, contractId);
    return contract && summaryOf(contract);
  }
}

/** The version is left out where none was asked for: the newest may be another one at the repeat. */
function inputHashOf({ templateVersion, ...input }: DraftInput): string {
  return sha256Hex(canonicalJson(templateVersion === undefined ? input : { ...input, templateVersion }));
}

function repeatOf(
  { tenant }: ContractMover,
  contract: Contract,
  inputHash: string,
): Outcome<ContractSummary, Rejection<'IDEMPOTENCY_CONFLICT'>> {
  if (contract.tenant === tenant && contract.inputHash === inputHash) return shownContract(contract);
  const message = 'The key was used with another input.';
  return { accepted: false, rejection: { code: 'IDEMPOTENCY_CONFLICT', message } };
}

function shown(decided: Decided): Awaited<ContractOutcome> {
  return decided.accepted ? shownContract(decided.value) : decided;
}

function shownContract(contract: Contract): Outcome<ContractSummary, never> {
  return { accepted: true, value: summaryOf(contract) };
}

const NOT_FOUND: Outcome<never, Rejection<'CONTRACT_NOT_FOUND'>> = {
  accepted: false,
  rejection: { code: 'CONTRACT_NOT_FOUND', message: 'There is no such contract.' },
};
