import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { SIGNATURE_VERIFIER } from '#libs/runtime/port/tokens.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import { type ProofVerdict, VerifyReleaseProof } from '../../contract/proof.js';
import { PROOF_SCHEMAS, type ProofSchemas } from './proof-schemas.js';
import { verifyReleaseProof } from './verify-proof.js';

/** Reads nothing of ours, so there is nobody to keep away. */
@QueryHandler(VerifyReleaseProof)
export class VerifyReleaseProofHandler implements IQueryHandler<VerifyReleaseProof> {
  constructor(
    @Inject(SIGNATURE_VERIFIER) private readonly verifier: SignatureVerifier,
    @Inject(PROOF_SCHEMAS) private readonly schemas: ProofSchemas,
  ) {}

  execute({ document }: VerifyReleaseProof): Promise<ProofVerdict> {
    const { verifier, schemas } = this;
    return verifyReleaseProof({ verifier, schemas }, document);
  }
}
