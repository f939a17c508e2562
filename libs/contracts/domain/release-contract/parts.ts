/** What commands and events of a release contract are made of. */
import type { ContractId, PaymentId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { SignatureProfile } from '../template/types.js';
import type { Role, RuleId } from '../terms/types.js';

/** Who fills a role, and where that party's money lies. */
export interface Party {
  readonly role: Role;
  /** An account id for a person, an organisation's id for an institution; never a name. */
  readonly partyId: string;
  readonly kind: 'account' | 'organisation';
  /**
   * Where payouts to this role go: `org:<id>:payable`, `treasury:<unit>`, `bank:fees`, or `wallet:<id>`; null: back the way the
   * money came (the funding payments' own tender), only for the role that funds and for roles that are paid nothing;
   * `contract:<id>`: the custody of another contract. A wallet and null are reached through `clearing:payout`, another contract
   * through `clearing:funding`.
   */
  readonly payTo: AccountPath | null;
}

/** Who acts; `system` is the clock, in whose name timers fire. */
export interface ContractActor {
  readonly role: Role | 'system';
  readonly partyId: string;
}

/** What an attestor signs: RFC 8785 JSON of exactly these members. */
export interface EvidenceStatement {
  readonly contractId: ContractId;
  readonly rule: RuleId;
  readonly schema: string;
  readonly dedupeKey: string;
  /** JSON object; numbers that matter are texts. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly observedAt: Instant;
}

/** A signature that has been verified before the command was made; the decider counts different keys of the attestor. */
export interface CheckedSignature {
  readonly keyId: string;
  readonly alg: SignatureProfile;
  /** base64url */
  readonly sig: string;
}

/** How somebody signs a contract: with a key, or as the account that is logged in. */
export interface PartySignature {
  readonly keyId: string;
  readonly alg: SignatureProfile | 'account';
  /** SHA-256, hex, of template hash, parameters and parties: `documentHash`. */
  readonly docHash: string;
  /** base64url; empty for `account`. */
  readonly sig: string;
  /** Raw public key of `keyId`, base64url, so that the signature can be verified from the stream alone; absent for `account`. */
  readonly publicKey?: string;
}

/**
 * One entitlement that came up at once: a lesson, a milestone, a reading, a claim. Rules without evidence have the key '';
 * what a linear rule earns bit by bit is numbered, '1', '2', ….
 */
export interface UnitRef {
  readonly ruleId: RuleId;
  readonly dedupeKey: string;
}

/** Where a deposit comes from: a captured payment, or what another contract has released to this one (`onTo` `contract:<id>`). */
export type FundsSource =
  | { readonly kind: 'payment'; readonly paymentId: PaymentId }
  | { readonly kind: 'contract'; readonly contractId: ContractId; readonly releaseId: string };

export interface Totals {
  readonly funded: bigint;
  readonly released: bigint;
  readonly refunded: bigint;
  /** funded − released − refunded */
  readonly held: bigint;
  /** Part of held that a dispute keeps from moving. */
  readonly frozen: bigint;
}

/** On every event, with figures as they are after it, so that projections need to read nothing. */
export interface Common {
  readonly contractId: ContractId;
  /** Number of the event within its contract, from 0; equals the stream's revision. */
  readonly seq: number;
  readonly at: Instant;
  readonly asset: Asset;
  readonly by: ContractActor;
  readonly totals: Totals;
  /** Status after this event. */
  readonly status: ContractStatus;
  /** When the clock has something to do next; null: never. */
  readonly nextDueAt: Instant | null;
}

export type ContractStatus =
  | 'drafted'
  | 'awaitingFunding'
  | 'active'
  | 'closing'
  | 'frozen'
  | 'completed'
  | 'cancelled'
  | 'refunded'
  | 'expired';

export interface Split {
  readonly role: Role;
  readonly amount: bigint;
  readonly account: AccountPath;
  /** Set where `account` is `clearing:payout` or `clearing:funding`: `wallet:<id>`, `contract:<id>`, or 'origin'. */
  readonly onTo?: AccountPath;
}
