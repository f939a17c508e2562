/** Release contracts as a program runs them, with views, queries and the clock, on a log in memory. */
import type { Provider } from '@nestjs/common';
import { approvalsApplication } from '#libs/approvals/application/index.js';
import { approvalsEventSets } from '#libs/approvals/codec/index.js';
import { APPROVAL_WAITERS, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { approvalsProjections, approvalsQueries } from '#libs/approvals/read-model/index.js';
import {
  ContractClock,
  contractsApplication,
  RegionalParametersApproved,
  TEMPLATE_LANGUAGE,
} from '#libs/contracts/application/index.js';
import { PROOF_SCHEMAS } from '#libs/contracts/application/proof/proof-schemas.js';
import { EVIDENCE_SCHEMAS } from '#libs/contracts/application/evidence/evidence-schemas.js';
import { contractsEventSets } from '#libs/contracts/codec/index.js';
import {
  CONTRACT_FUNDING,
  RELEASE_CONTRACTS,
  type ContractFunding,
  type ContractSummary,
  type DraftInput,
  type ReleaseContracts,
} from '#libs/contracts/contract/release-contracts.js';
import { contractsProjections, contractsQueries } from '#libs/contracts/read-model/index.js';
import { SIGNATURE_VERIFIER } from '#libs/runtime/port/tokens.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { contextWorld, type ContextWorld, type WorldParts } from './context-world.js';
import { proofSchemas } from './release-proofs.js';
import { contractSchemas, fund, signedContract, tuitionInput } from './contracts-world.js';

export interface ContractsWorld extends ContextWorld {
  readonly contracts: ReleaseContracts;
  readonly funding: ContractFunding;
  /** Lets what is due happen, once the views have caught up. */
  tick(): Promise<void>;
  /** Signed and funded: in force. */
  running(name: string, change?: Partial<DraftInput>): Promise<ContractSummary>;
}

/** With the parts of other contexts beside it, if any. */
export async function contractsWorld(others: Partial<WorldParts> = {}): Promise<ContractsWorld> {
  const verifier = signatureVerifier({ timers: systemRuntime().timers });
  const { language, evidence } = contractSchemas();
  const ports: readonly Provider[] = [
    { provide: SIGNATURE_VERIFIER, useValue: verifier },
    { provide: EVIDENCE_SCHEMAS, useValue: evidence },
    { provide: TEMPLATE_LANGUAGE, useValue: language },
    { provide: PROOF_SCHEMAS, useValue: proofSchemas() },
    {
      provide: APPROVAL_WAITERS,
      inject: [RegionalParametersApproved],
      useFactory: (...waiters: readonly ApprovalWaiter[]) => waiters,
    },
  ];
  const world = await contextWorld({
    ...others,
    events: [...contractsEventSets, ...approvalsEventSets, ...(others.events ?? [])],
    projections: [...contractsProjections, ...approvalsProjections, ...(others.projections ?? [])],
    providers: [
      ...ports,
      ...contractsApplication,
      ...contractsQueries,
      ...approvalsApplication,
      ...approvalsQueries,
      ...(others.providers ?? []),
    ],
  });
  const contracts = world.part<ReleaseContracts>(RELEASE_CONTRACTS);
  const funding = world.part<ContractFunding>(CONTRACT_FUNDING);
  return {
    ...world,
    contracts,
    funding,
    async tick() {
      await world.consumers.caughtUp();
      await world.part(ContractClock).sweep(0);
      await world.consumers.caughtUp();
    },
    async running(name, change = {}) {
      const { contractId } = await signedContract(
        { contracts, funding },
        { ...tuitionInput(world.now(), name), ...change },
      );
      return fund({ contracts, funding }, contractId);
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await verifier.close();
    },
  };
}
