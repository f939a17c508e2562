import type { Provider } from '@nestjs/common';
import { ReleaseProofOfHandler } from './release-proof-of.js';
import { VerifyReleaseProofHandler } from './verify-release-proof.js';

/** Need `EVENT_LOG`, `RELEASE_CONTRACTS`, `SIGNATURE_VERIFIER` and `PROOF_SCHEMAS`. */
export const contractProofs: readonly Provider[] = [ReleaseProofOfHandler, VerifyReleaseProofHandler];
