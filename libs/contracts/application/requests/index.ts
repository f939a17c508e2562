import type { Provider } from '@nestjs/common';
import { ApproveUnitHandler } from './approve-unit.js';
import { AttestContractHandler } from './attest-contract.js';
import { ClaimFromContractHandler } from './claim-from-contract.js';
import { ConfirmUnitHandler } from './confirm-unit.js';
import { ContractActs } from './contract-acts.js';
import { DraftContractHandler } from './draft-contract.js';
import { DrawFromContractHandler } from './draw-from-contract.js';
import { ObjectToUnitHandler } from './object-to-unit.js';
import { OpenDisputeHandler } from './open-dispute.js';
import { PartySignatures } from './party-signature.js';
import { ProposeAmendmentHandler } from './propose-amendment.js';
import { RevealSecretHandler } from './reveal-secret.js';
import { SignAmendmentHandler } from './sign-amendment.js';
import { SignContractHandler } from './sign-contract.js';
import { VoteOnDisputeHandler } from './vote-on-dispute.js';
import { WithdrawAmendmentHandler } from './withdraw-amendment.js';
import { WithdrawContractHandler } from './withdraw-contract.js';

/** What people ask of contracts. Needs `RELEASE_CONTRACTS`, `TEMPLATES` and `SIGNATURE_VERIFIER`. */
export const contractRequests: readonly Provider[] = [
  ContractActs,
  PartySignatures,
  DraftContractHandler,
  WithdrawContractHandler,
  SignContractHandler,
  AttestContractHandler,
  ConfirmUnitHandler,
  ObjectToUnitHandler,
  OpenDisputeHandler,
  VoteOnDisputeHandler,
  ApproveUnitHandler,
  ClaimFromContractHandler,
  RevealSecretHandler,
  DrawFromContractHandler,
  ProposeAmendmentHandler,
  SignAmendmentHandler,
  WithdrawAmendmentHandler,
];
