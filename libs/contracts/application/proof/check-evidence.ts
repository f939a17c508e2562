import { sha256Hex } from '#libs/signatures/canonical/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type { Contract } from '../../domain/release-contract/index.js';
import type { EvidenceAccepted } from '../../domain/release-contract/messages.js';
import { statementBytes } from '../hashes.js';
import { ProofFault, type Step } from './history.js';
import { attestorOf } from './readable.js';

/** Verified at the same time; more would fill the verifier's queue for everybody. */
const AT_ONCE = 32;
/** Far more than a document of 4 MiB holds unless it was made to waste our time. */
const MOST_SIGNATURES = 10_000;

/**
 * Every statement is the one whose hash is stored, signed by at least k different keys of the attestor that the terms named at
 * that time; every secret is the one whose hash is stored.
 *
 * @throws ProofFault; SignatureVerifierOverloaded, SignatureVerifierUnavailable
 */
export async function checkEvidence(steps: readonly Step[], verifier: SignatureVerifier): Promise<string> {
  const signatures: Signed[] = [];
  let statements = 0;
  for (const { event, before, revision } of steps) {
    if (event.type === 'SecretRevealed' && sha256Hex(event.data.preimage) !== event.data.preimageHash) {
      throw new ProofFault(`the secret of event ${revision} has another hash`);
    }
    if (event.type !== 'EvidenceAccepted' || before.status === 'absent') continue;
    signatures.push(...signaturesOf(event, before, revision));
    statements += 1;
  }
  if (signatures.length > MOST_SIGNATURES) throw new ProofFault(`more than ${MOST_SIGNATURES} signatures`);
  for (let start = 0; start < signatures.length; start += AT_ONCE) {
    const some = signatures.slice(start, start + AT_ONCE);
    const good = await Promise.all(some.map((signed) => verifier.verify(signed)));
    const bad = some[good.indexOf(false)];
    if (bad) throw new ProofFault(`a signature of event ${bad.revision} does not verify`);
  }
  return `${statements} statements, ${signatures.length} signatures`;
}

type Signed = Parameters<SignatureVerifier['verify']>[0] & { readonly revision: number };

function signaturesOf({ data }: EvidenceAccepted, before: Contract, revision: number): readonly Signed[] {
  const { statement, statementHash, signatures, attestor, contractId } = data;
  const message = statementBytes(statement);
  if (sha256Hex(message) !== statementHash) {
    throw new ProofFault(`the statement of event ${revision} has another hash`);
  }
  if (statement.contractId !== contractId) {
    throw new ProofFault(`the statement of event ${revision} is about another contract`);
  }
  const { keys, k, schema } = attestorOf(before, attestor);
  if (statement.schema !== schema)
    throw new ProofFault(`the attestor of event ${revision} attests something else`);
  const signed = signatures.map(({ keyId, alg, sig }) => {
    const key = keys.find((known) => known.keyId === keyId && known.alg === alg);
    if (!key) throw new ProofFault(`a key of event ${revision} is not the attestor's`);
    return { alg, publicKey: key.publicKey, message, sig, revision };
  });
  if (new Set(signed.map(({ publicKey }) => publicKey)).size < Math.max(k, signed.length)) {
    throw new ProofFault(`fewer than ${k} different keys have signed event ${revision}`);
  }
  return signed;
}
