import { canonicalJson, parseStrictJson } from '#libs/signatures/canonical/index.js';
import {
  SignatureVerifierOverloaded,
  SignatureVerifierUnavailable,
  type SignatureVerifier,
} from '#libs/signatures/port/index.js';
import {
  MOST_PROOF_BYTES,
  type ProofCheck,
  type ProofCheckName,
  type ProofVerdict,
  type ReleaseProof,
} from '../../contract/proof.js';
import { digestOf } from './build-proof.js';
import { checkChain } from './check-chain.js';
import { checkDecisions } from './check-decisions.js';
import { checkPartySignatures, checkTemplates, checkTerms } from './check-documents.js';
import { checkEvidence } from './check-evidence.js';
import { checkFigures } from './check-figures.js';
import { checkPayout } from './check-payout.js';
import { historyOf, ProofFault, type Step } from './history.js';
import type { ProofSchemas } from './proof-schemas.js';
import { readableOf } from './readable.js';

export interface ProofChecking {
  readonly verifier: SignatureVerifier;
  readonly schemas: ProofSchemas;
}

/** Statements lie deepest: 16 levels within evidence. */
const DEEPEST_PROOF = 32;

/**
 * Judges a release proof by nothing but itself: no database, no clock, no network. What it cannot tell: whether the log has gone on
 * since, and whether it is this history that lies there; compare `headHash` at `revision` for that.
 *
 * @returns a verdict on whatever text it is given; never a throw on what the text says
 * @throws SignatureVerifierOverloaded, SignatureVerifierUnavailable: there is no verdict
 */
export async function verifyReleaseProof(
  { verifier, schemas }: ProofChecking,
  text: string,
): Promise<ProofVerdict> {
  const checks = new Checks();
  let proof: ReleaseProof | undefined;
  await checks.run('document', () => {
    proof = documentOf(text, schemas);
    return `${Buffer.byteLength(text)} bytes`;
  });
  const read = proof;
  if (!read) return checks.verdict('', -1);
  await checks.run('digest', () => checkDigest(read));
  await checks.run('chain', () => checkChain(read));
  let steps: readonly Step[] | undefined;
  await checks.run('history', () => {
    steps = historyOf(read.events, read.contractId, schemas);
    return checkFigures(steps);
  });
  const history = steps;
  if (!history) return checks.verdict(read.headHash, read.revision);
  await checks.run('template', () => checkTemplates(history));
  await checks.run('terms', () => checkTerms(history));
  await checks.run('signatures', () => checkPartySignatures(history, verifier));
  await checks.run('evidence', () => checkEvidence(history, verifier));
  await checks.run('entitlement', () => checkDecisions(history));
  await checks.run('payout', () => checkPayout(history));
  await checks.run('summary', () => checkSummary(read, history));
  return checks.verdict(read.headHash, read.revision);
}

class Checks {
  readonly #made: ProofCheck[] = [];

  /** A check says what it has seen, or throws what is wrong. Codec and decider throw too, on what cannot have been. */
  async run(name: ProofCheckName, check: () => string | Promise<string>): Promise<void> {
    try {
      this.#made.push({ name, ok: true, detail: await check() });
    } catch (error) {
      if (error instanceof SignatureVerifierOverloaded || error instanceof SignatureVerifierUnavailable)
        throw error;
      this.#made.push({ name, ok: false, detail: reasonOf(error) });
    }
  }

  verdict(headHash: string, revision: number): ProofVerdict {
    return { valid: this.#made.every(({ ok }) => ok), checks: this.#made, headHash, revision };
  }
}

const LONGEST_REASON = 300;

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.slice(0, LONGEST_REASON).toWellFormed();
}

function documentOf(text: string, schemas: ProofSchemas): ReleaseProof {
  const value = parseStrictJson(text, { maxBytes: MOST_PROOF_BYTES, maxDepth: DEEPEST_PROOF });
  const fault = schemas.violation(value);
  if (fault !== undefined) throw new ProofFault(`it is not a release proof: ${fault}`);
  return value as ReleaseProof;
}

function checkDigest({ digest, ...body }: ReleaseProof): string {
  if (digestOf(body) !== digest) throw new ProofFault('the document is not as it was made');
  return digest;
}

function checkSummary(proof: ReleaseProof, steps: readonly Step[]): string {
  const { payout, ...readable } = readableOf(steps);
  for (const [name, expected] of Object.entries({
    ...readable,
    payout: { ...payout, position: proof.payout.position },
  })) {
    if (canonicalJson(proof[name as keyof ReleaseProof]) !== canonicalJson(expected)) {
      throw new ProofFault(`${name} is not what the events say`);
    }
  }
  const { evidence, approvals, signatures } = readable;
  return `${evidence.length} pieces of evidence, ${approvals.length} acts, ${signatures.length} signatures`;
}
