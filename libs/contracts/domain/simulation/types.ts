import type { Instant } from '#libs/kernel/time/index.js';
import type { Calendar } from '../calendar/types.js';
import type { ContractEvent, ContractRefusal, ContractStatus, Totals } from '../release-contract/messages.js';
import type { ParameterValues, Template } from '../template/types.js';
import type { DisputeOutcome, Role } from '../terms/types.js';

/** What somebody does on a day, if everything goes right that lies outside the contract: signatures are genuine, payments arrive. */
export type SimulatedAct = { readonly at: Instant } & (
  | { readonly kind: 'fund'; readonly amount: bigint }
  /** The unit is what the rule's `dedupe` points at in the payload; `k` keys of the attestor sign. */
  | {
      readonly kind: 'attest';
      readonly rule: string;
      readonly payload: Readonly<Record<string, unknown>>;
      /** Where several attestors are asked; default: the first whose evidence this can be. */
      readonly attestor?: string;
      /** Default: `at`. */
      readonly observedAt?: Instant;
    }
  | { readonly kind: 'confirm'; readonly role: Role; readonly rule: string; readonly unit: string }
  /** Without a rule: to the whole contract. */
  | {
      readonly kind: 'object';
      readonly role: Role;
      readonly rule?: string;
      readonly unit?: string;
      readonly reasonCode?: string;
    }
  /** On the dispute that is open. */
  | { readonly kind: 'vote'; readonly role: Role; readonly outcome: DisputeOutcome }
  | {
      readonly kind: 'approve';
      readonly role: Role;
      readonly rule: string;
      readonly unit?: string;
      readonly decision?: 'approve' | 'reject';
    }
  | {
      readonly kind: 'claim';
      readonly role: Role;
      readonly rule: string;
      readonly amount: bigint;
      /** Default: `amount`. */
      readonly spend?: bigint;
      readonly merchantId?: string;
      readonly mcc?: string;
    }
  /** The right secret, whatever it is. */
  | { readonly kind: 'reveal'; readonly role: Role; readonly rule: string }
  | { readonly kind: 'draw'; readonly role: Role; readonly rule: string }
  /** A draft, or a contract that nobody has funded, is off. */
  | { readonly kind: 'withdraw'; readonly role: Role }
  /** Proposed by one signer and signed by all at once. */
  | { readonly kind: 'amend'; readonly role: Role; readonly params: ParameterValues }
);

export interface SimulationInput {
  readonly template: Template;
  readonly templateHash: string;
  /** All of them, as `parametersOf` answers. */
  readonly params: ParameterValues;
  readonly calendar: Calendar;
  /** When the contract is drafted and signed by everybody. */
  readonly startsAt: Instant;
  /** At most `MOST_SIMULATED_ACTS`; taken in order of `at`, acts of one moment as given. */
  readonly acts: readonly SimulatedAct[];
}

/** One event, or one refusal. */
export interface SimulatedLine {
  readonly at: Instant;
  /** Index of the act it comes from; null: the clock, or drafting and signing. */
  readonly act: number | null;
  readonly what: ContractEvent['type'] | 'Refused';
  readonly rule: string | null;
  /** Units concerned: of a release those it pays. */
  readonly units: readonly string[];
  /** Minor units: deposited, earned by this, released, refunded, waived, or frozen. */
  readonly amount: bigint | null;
  readonly splits: readonly { readonly role: Role; readonly amount: bigint }[];
  /** When what is earned is paid, if nobody objects; when a dispute is decided without votes. */
  readonly dueAt: Instant | null;
  readonly totals: Totals;
  readonly status: ContractStatus;
  readonly refusal: ContractRefusal | null;
}

export interface Simulation {
  readonly lines: readonly SimulatedLine[];
  readonly totals: Totals;
  readonly status: ContractStatus;
  /** Everything paid to each role. */
  readonly paid: readonly { readonly role: Role; readonly amount: bigint }[];
  /** Of the last event. */
  readonly endedAt: Instant;
  /** More would have happened than is shown. */
  readonly truncated: boolean;
}

export const MOST_SIMULATED_ACTS = 1_000;
export const MOST_SIMULATED_LINES = 10_000;
