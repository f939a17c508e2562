import type { ContractId } from '#libs/kernel/ids/index.js';
import { canonicalJson, sha256Hex } from '#libs/signatures/canonical/index.js';
import type { EvidenceStatement, Party } from '../domain/release-contract/messages.js';
import type { ParameterValues, Template } from '../domain/template/types.js';
import type { Role } from '../domain/terms/types.js';

/** A statement's RFC 8785 form may have so many bytes, and so many objects within each other. */
export const MOST_STATEMENT_BYTES = 16_384;
export const DEEPEST_STATEMENT = 16;

/** SHA-256, hex, of the template's RFC 8785 JSON. @throws NotCanonical */
export function templateHashOf(template: Template): string {
  return sha256Hex(canonicalJson(template));
}

/** What the parties of a contract, or of an amendment to it, agree to. */
export interface ContractDocument {
  /** So that a signature under one contract says nothing about another with the same terms. */
  readonly contractId: ContractId;
  /** Of an amendment: so that going back to earlier terms needs new signatures. */
  readonly amendmentId?: string;
  readonly templateHash: string;
  /** All of them, those of the region too. */
  readonly params: ParameterValues;
  readonly parties: readonly Party[];
}

/** SHA-256, hex: what every party's signature is over. @throws NotCanonical */
export function documentHashOf(document: ContractDocument): string {
  const { contractId, amendmentId, templateHash, params, parties } = document;
  const listed = parties.map(({ role, partyId, kind, payTo }) => ({ role, partyId, kind, payTo }));
  const amendment = amendmentId === undefined ? {} : { amendmentId };
  return sha256Hex(canonicalJson({ contractId, ...amendment, templateHash, params, parties: listed }));
}

/**
 * What a party with a key of its own signs, a contract or an amendment (`docHash` tells which). The role is in it, for one party may
 * hold two.
 */
export function partySignatureBytes(signed: {
  readonly contractId: ContractId;
  readonly role: Role;
  readonly docHash: string;
}): Uint8Array {
  const { contractId, role, docHash } = signed;
  return Buffer.from(canonicalJson({ contractId, docHash, role }));
}

/** RFC 8785 bytes of exactly the statement's members: what attestors sign. @throws NotCanonical */
export function statementBytes(statement: EvidenceStatement): Uint8Array {
  const { contractId, rule, schema, dedupeKey, payload, observedAt } = statement;
  const limits = { maxBytes: MOST_STATEMENT_BYTES, maxDepth: DEEPEST_STATEMENT };
  return Buffer.from(canonicalJson({ contractId, rule, schema, dedupeKey, payload, observedAt }, limits));
}

/** SHA-256, hex, of `statementBytes`. @throws NotCanonical */
export function statementHashOf(statement: EvidenceStatement): string {
  return sha256Hex(statementBytes(statement));
}
