/**
 * Release proofs: for any yuan that left a contract, everything that let it go, as one document that anybody can check without us.
 * Its JSON Schema is schemas/contracts/release-proof.v1.json.
 */
import { Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { Asset, Posting } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { EvidenceStatement, SignatureProfile, Split } from './release-contracts.js';

/** Amounts are integer texts of minor units. Everything beside `events` and `position` follows from `events`, and is checked to. */
export interface ReleaseProof {
  readonly format: 'sluice.release-proof.v1';
  /** SHA-256, hex, of the RFC 8785 JSON of the document without this member. */
  readonly digest: string;
  readonly contractId: ContractId;
  readonly templateId: string;
  readonly templateVersion: string;
  /** In force when the money went. */
  readonly templateHash: string;
  /** What the parties have signed, in force when the money went. */
  readonly docHash: string;
  readonly payout: ProvedPayout;
  /** What was attested for the rule and units that were paid. */
  readonly evidence: readonly ProvedEvidence[];
  /** What people did for the rule and units that were paid: approvals, confirmations, votes, secrets. */
  readonly approvals: readonly ProvedAct[];
  /** The parties' signatures under the document in force. */
  readonly signatures: readonly ProvedSignature[];
  /** All events of the contract's stream, from the first to the payout. */
  readonly events: readonly ProvedEvent[];
  /** Hash of the last event: the log it comes from has the same at `revision`. */
  readonly headHash: string;
  readonly revision: number;
}

export interface ProvedPayout {
  readonly kind: 'release' | 'refund';
  /** releaseId or refundId. */
  readonly id: string;
  /** Null: not by a rule. */
  readonly ruleId: string | null;
  readonly dedupeKeys: readonly string[];
  readonly amount: string;
  readonly asset: Asset;
  readonly at: Instant;
  readonly splits: readonly (Omit<Split, 'amount'> & { readonly amount: string })[];
  readonly postings: readonly (Omit<Posting, 'amount'> & { readonly amount: string })[];
  readonly revision: number;
  /** In the log that it comes from; the one member that the hash chain does not cover. */
  readonly position: string;
}

export interface ProvedEvidence {
  readonly revision: number;
  readonly evidenceId: string;
  readonly attestor: string;
  readonly statement: EvidenceStatement;
  readonly statementHash: string;
  /** How many different keys must have signed. */
  readonly k: number;
  readonly signatures: readonly {
    readonly keyId: string;
    readonly alg: SignatureProfile;
    readonly publicKey: string;
    readonly sig: string;
  }[];
}

export interface ProvedAct {
  readonly revision: number;
  /** Type of the event: `ApprovalRecorded`, `AccrualConfirmed`, `VoteRecorded`, `SecretRevealed`. */
  readonly type: string;
  readonly role: string;
  readonly partyId: string;
  readonly at: Instant;
}

export interface ProvedSignature {
  readonly revision: number;
  readonly role: string;
  readonly partyId: string;
  readonly at: Instant;
  readonly keyId: string;
  readonly alg: SignatureProfile | 'account';
  readonly sig: string;
  readonly publicKey?: string;
}

/** One stored event; `data` and `metadata` are the very texts that the hash chain is over. */
export interface ProvedEvent {
  readonly revision: number;
  readonly id: string;
  /** Stored type: `EvidenceAccepted.v1`. */
  readonly type: string;
  readonly data: string;
  /** Without the hash. */
  readonly metadata: string;
  readonly hash: string;
}

export type ProofCheckName =
  /** Size, JSON, schema. */
  | 'document'
  /** Nothing was changed since the document was made. */
  | 'digest'
  /** Ids and hashes of the events, link by link. */
  | 'chain'
  /** Every event is one that the contract's decider could have stored. */
  | 'history'
  | 'template'
  | 'terms'
  /** Of the parties. */
  | 'signatures'
  | 'evidence'
  /** What was earned is what the terms give. */
  | 'entitlement'
  | 'payout'
  /** The readable part says what the events say. */
  | 'summary';

export interface ProofCheck {
  readonly name: ProofCheckName;
  readonly ok: boolean;
  /** English, for whoever looks into it. */
  readonly detail: string;
}

export interface ProofVerdict {
  readonly valid: boolean;
  /** In the order in which they are made; after the first that fails the rest is left out where it would make no sense. */
  readonly checks: readonly ProofCheck[];
  /** Of the last event; empty where the document cannot be read. */
  readonly headHash: string;
  /** -1 where the document cannot be read. */
  readonly revision: number;
}

/** A document may have so many bytes of UTF-8. */
export const MOST_PROOF_BYTES = 4_194_304;

export type ProofRejection = Rejection<
  | 'CONTRACT_NOT_FOUND'
  | 'RELEASE_NOT_FOUND'
  /** The contract's history is longer than a document may be. */
  | 'PROOF_TOO_LARGE'
>;

/** Parties of the contract, staff of its organisation, auditors and staff of the tenant; nobody else finds it. */
export class ReleaseProofOf extends Query<Outcome<ReleaseProof, ProofRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly contractId: ContractId,
    /** releaseId or refundId. */
    readonly payoutId: string,
  ) {
    super();
  }
}

/** Anybody who is signed in; needs nothing of ours but the program. Never throws on what the document says. */
export class VerifyReleaseProof extends Query<ProofVerdict> {
  constructor(
    readonly context: RequestContext,
    /** JSON text. */
    readonly document: string,
  ) {
    super();
  }
}
