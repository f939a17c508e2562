import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { NotCanonical, sha256Hex } from '#libs/signatures/canonical/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type { SignedEvidence } from '../../contract/release-contracts.js';
import type { CheckedSignature, EvidenceStatement } from '../../domain/release-contract/messages.js';
import type { AttestorKey } from '../../domain/template/types.js';
import type { Attestor } from '../../domain/terms/types.js';
import { statementBytes } from '../hashes.js';
import type { EvidenceSchemas } from './evidence-schemas.js';
import { type StatementRefusal, invalid, statementOf, tooLarge } from './read-statement.js';

/** Evidence whose signatures have been verified; what the contract makes of it is the decider's matter. */
export interface AdmittedEvidence {
  readonly statement: EvidenceStatement;
  /** SHA-256, hex, of its RFC 8785 JSON. */
  readonly statementHash: string;
  /** All good, all of different keys; maybe none. */
  readonly signatures: readonly CheckedSignature[];
}

export type AdmissionRefusal = StatementRefusal | Rejection<'BAD_SIGNATURE'>;

export interface AdmissionPorts {
  readonly verifier: SignatureVerifier;
  readonly schemas: EvidenceSchemas;
}

/** The contract that the evidence is handed in for; `attestors` are those of its terms in force. */
export interface AdmittingContract {
  readonly contractId: ContractId;
  readonly attestors: Readonly<Record<string, Attestor>>;
}

const MOST_SIGNATURES = 16;

/**
 * Size, shape and signatures of evidence. One wrong signature among enough right ones refuses it: whoever added it meant something
 * by it, and it would stand in the log for good.
 *
 * @throws SignatureVerifierOverloaded, SignatureVerifierUnavailable
 */
export async function admitEvidence(
  { verifier, schemas }: AdmissionPorts,
  { contractId, attestors }: AdmittingContract,
  { statement: given, signatures }: SignedEvidence,
): Promise<Outcome<AdmittedEvidence, AdmissionRefusal>> {
  const shaped = statementOf(given);
  if (!shaped.accepted) return shaped;
  const statement = shaped.value;
  if (statement.contractId !== contractId) return invalid('It is about another contract.', 'contractId');
  const fault = schemas.violation(statement.schema, statement.payload);
  if (fault !== undefined) return invalid(`Not as ${statement.schema} has it: ${fault}`, 'payload');
  const message = canonicalBytes(statement);
  if (!(message instanceof Uint8Array)) return message;
  if (signatures.length > MOST_SIGNATURES) return invalid(`At most ${MOST_SIGNATURES} signatures.`);
  const keys = signatures.map((signature) => keyOf(signature, statement, attestors));
  if (new Set(keys.map((key) => key?.publicKey)).size < keys.length) {
    return badSignature('A key is unknown, or signs twice.');
  }
  const good = await Promise.all(
    signatures.map(({ sig }, index) => {
      const key = keys[index];
      return key ? verifier.verify({ alg: key.alg, publicKey: key.publicKey, message, sig }) : false;
    }),
  );
  if (good.includes(false)) return badSignature('A signature does not verify.');
  return {
    accepted: true,
    value: {
      statement,
      statementHash: sha256Hex(message),
      signatures: signatures.map(({ keyId, alg, sig }) => ({ keyId, alg, sig })),
    },
  };
}

function canonicalBytes(statement: EvidenceStatement): Uint8Array | ReturnType<typeof invalid> {
  try {
    return statementBytes(statement);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return error.reason === 'tooLarge' ? tooLarge() : invalid(error.message);
  }
}

/**
 * The one key of that name among the attestors that use the statement's schema. Two attestors may give one name to two keys; then
 * nobody could tell who has signed, and neither counts.
 */
function keyOf(
  { keyId, alg }: CheckedSignature,
  { schema }: EvidenceStatement,
  attestors: Readonly<Record<string, Attestor>>,
): AttestorKey | undefined {
  const named = Object.values(attestors)
    .filter((attestor) => attestor.schema === schema)
    .flatMap(({ keys }) => keys.filter((key) => key.keyId === keyId));
  const [key] = named;
  return key?.alg === alg && named.every(({ publicKey }) => publicKey === key.publicKey) ? key : undefined;
}

function badSignature(message: string): { accepted: false; rejection: AdmissionRefusal } {
  return { accepted: false, rejection: { code: 'BAD_SIGNATURE', message, path: ['input', 'signatures'] } };
}
