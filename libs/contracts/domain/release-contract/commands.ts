/** What can be asked of a release contract. Amounts are minor units of the contract's asset. */
import type { ContractId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Calendar } from '../calendar/types.js';
import type { ParameterValues, Template } from '../template/types.js';
import type { DisputeOutcome, Role, RuleId } from '../terms/types.js';
import type {
  Party,
  ContractActor,
  EvidenceStatement,
  CheckedSignature,
  PartySignature,
  UnitRef,
  FundsSource,
} from './parts.js';

interface Act {
  readonly at: Instant;
  readonly by: ContractActor;
  /** Working days as known when the command is made; deadlines are computed once and stored. */
  readonly calendar: Calendar;
}

export type ContractCommand = Act &
  (
    | {
        readonly kind: 'draft';
        readonly contractId: ContractId;
        readonly tenant: TenantId;
        /** The institution in whose name the contract is made; mass refunds go by it. */
        readonly organisationId: OrganisationId;
        /** Of the input it came from: the same key with another input is told apart by it. */
        readonly inputHash: string;
        /** What it is for, in the words of the context that drafts it: `courseOrder-<id>`. */
        readonly subject: string;
        /** Whose calendar counts working days and whose parameter set filled the `region` parameters: `CN`. */
        readonly region: string;
        readonly template: Template;
        readonly templateHash: string;
        readonly params: ParameterValues;
        readonly parties: readonly Party[];
        /** SHA-256, hex, over template hash, parameters and parties: what signatures are over. */
        readonly docHash: string;
      }
    /** A draft, or a contract that nobody has funded, is off. */
    | { readonly kind: 'withdrawDraft'; readonly reason: string }
    | { readonly kind: 'sign'; readonly role: Role; readonly signature: PartySignature }
    /** Promises room for a payment under way, so that its money is never refused; fundBy waits for it. */
    | { readonly kind: 'reserveFunding'; readonly paymentId: PaymentId; readonly amount: bigint }
    | { readonly kind: 'releaseFunding'; readonly paymentId: PaymentId }
    /** The money lies in `clearing:funding`. A payment's has been reserved before; a contract's must fit. */
    | {
        readonly kind: 'deposit';
        readonly depositId: string;
        readonly source: FundsSource;
        readonly amount: bigint;
        /** Of the amount, where whoever brings it does not know the contract's; another is refused. */
        readonly asset?: Asset;
      }
    | {
        readonly kind: 'attest';
        readonly evidenceId: string;
        readonly statement: EvidenceStatement;
        /** SHA-256, hex, of the statement's RFC 8785 JSON. */
        readonly statementHash: string;
        readonly signatures: readonly CheckedSignature[];
      }
    /** Ends the cooling of one unit at once. */
    | ({ readonly kind: 'confirm' } & UnitRef)
    /** For `approved` conditions. `dedupeKey` names the unit where the rule also needs evidence, '' otherwise. */
    | ({ readonly kind: 'approve'; readonly decision: 'approve' | 'reject' } & UnitRef)
    | {
        readonly kind: 'claim';
        readonly ruleId: RuleId;
        /** Same id: same claim. */
        readonly claimId: string;
        readonly amount: bigint;
        /** Whole price of what is bought; at least `amount`. */
        readonly spend: bigint;
        readonly merchantId: string;
        /** Category of the merchant, ISO 18245. */
        readonly mcc: string;
        /** Where the money goes when the rule's payee is the merchant at hand: `org:<id>:payable`. */
        readonly merchantAccount: AccountPath;
      }
    /** `preimageHash`: SHA-256 of the secret, computed by the caller of the decider from the very secret stored. */
    | {
        readonly kind: 'reveal';
        readonly ruleId: RuleId;
        readonly preimage: string;
        readonly preimageHash: string;
      }
    /** Pays what a linear rule has earned by now. */
    | { readonly kind: 'draw'; readonly ruleId: RuleId }
    | {
        readonly kind: 'dispute';
        readonly disputeId: string;
        /** The unit in question; null: the whole contract. */
        readonly subject: UnitRef | null;
        readonly reasonCode: string;
      }
    | { readonly kind: 'vote'; readonly disputeId: string; readonly outcome: DisputeOutcome }
    | {
        readonly kind: 'proposeAmendment';
        readonly amendmentId: string;
        readonly template: Template;
        readonly templateHash: string;
        readonly params: ParameterValues;
        readonly reason: string;
        readonly docHash: string;
      }
    | {
        readonly kind: 'signAmendment';
        readonly amendmentId: string;
        readonly role: Role;
        readonly signature: PartySignature;
      }
    | { readonly kind: 'withdrawAmendment'; readonly amendmentId: string }
    /**
     * An authority winds the contract up, whatever its rules: what is held and not owed goes back to who funded it. By the
     * system in the name of an approved override.
     */
    | { readonly kind: 'closeByAuthority'; readonly overrideId: string; readonly reason: string }
    /** Lets what is due by now happen. */
    | { readonly kind: 'tick' }
  );
