import type { Provider } from '@nestjs/common';
import { CONTRACT_FUNDING, RELEASE_CONTRACTS } from '../contract/release-contracts.js';
import { ContractClock } from './contract-clock.js';
import { ADMISSION_PROVIDER, ContractDesk } from './contract-desk.js';
import { ContractDocuments } from './contract-document.js';
import { ContractFundingSteps } from './contract-funding-steps.js';
import { ContractStreams } from './contract-streams.js';
import { contractProofs } from './proof/index.js';
import { RegionalParametersApproved, regionsApplication } from './regions/index.js';
import { contractRequests } from './requests/index.js';
import { TEMPLATE_LANGUAGE, templatesApplication } from './templates/index.js';

export { ContractClock, RegionalParametersApproved, TEMPLATE_LANGUAGE };

/**
 * The write side of release contracts. Needs `DECIDER_STORE`, `EVENT_LOG`, `RUNTIME`, `CONSUMERS`, `SIGNATURE_VERIFIER`,
 * `EVIDENCE_SCHEMAS`, `PROOF_SCHEMAS`, `TEMPLATE_LANGUAGE` and `APPROVALS`, and `DUE_CONTRACTS` and `TEMPLATE_IDS` of its read
 * model; offers `TEMPLATES`, `REGIONS` and `RELEASE_CONTRACTS` to everybody and `CONTRACT_FUNDING` to payments. `ContractClock`
 * is started, and `RegionalParametersApproved` told of decisions, by the composition root.
 */
export const contractsApplication: readonly Provider[] = [
  ContractStreams,
  ContractDocuments,
  ADMISSION_PROVIDER,
  { provide: RELEASE_CONTRACTS, useClass: ContractDesk },
  { provide: CONTRACT_FUNDING, useClass: ContractFundingSteps },
  ContractClock,
  ...contractRequests,
  ...contractProofs,
  ...templatesApplication,
  ...regionsApplication,
];
