/** What requests on release contracts share. */
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { ContractSummary, SignatureProfile } from './release-contracts.js';

/** What every act of a party can be refused with. */
export type AnyAct =
  'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'CONTRACT_NOT_FOUND' | 'NOT_AUTHORISED' | 'CLOCK_REGRESSION';

/** What an act on a contract in force can be refused with beside. */
export type InForce = 'CONTRACT_NOT_ACTIVE' | 'CONTRACT_FROZEN' | 'CONTRACT_CLOSING' | 'CONTRACT_CLOSED';

export type Answer<Code extends string> = Outcome<ContractSummary, Rejection<AnyAct | Code>>;

export interface OnContract {
  readonly idempotencyKey: string;
  readonly contractId: ContractId;
  /** Needed only where the caller fills several roles. */
  readonly role?: string;
}

/** A signature with a key of the party's own; without it the account that is signed in signs. */
export interface PartyKey {
  readonly alg: SignatureProfile;
  /** Raw, base64url. */
  readonly publicKey: string;
  /** base64url, over `partySignatureBytes`. */
  readonly sig: string;
}
