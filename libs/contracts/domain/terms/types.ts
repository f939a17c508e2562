import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Duration } from '../calendar/types.js';
import type { AttestorKey } from '../template/types.js';

/** A template with its parameters filled in: what one contract says, without references. Minor units are `bigint`. */
export interface Terms {
  readonly templateId: string;
  readonly templateVersion: string;
  /** SHA-256, hex, of the template's RFC 8785 JSON: what a contract is pinned to. */
  readonly templateHash: string;
  readonly asset: Asset;
  readonly roles: readonly Role[];
  readonly optionalRoles: readonly Role[];
  /** Whose signatures the contract and every amendment need. */
  readonly signers: readonly Role[];
  readonly attestors: Readonly<Record<string, Attestor>>;
  readonly funding: Funding;
  readonly rules: readonly Rule[];
  readonly dispute: DisputeRule;
  readonly end: End;
}

/** Name of a role of the template. */
export type Role = string;
export type RuleId = string;

export interface Attestor {
  readonly keys: readonly AttestorKey[];
  readonly k: number;
  readonly schema: string;
}

export interface Funding {
  readonly from: Role;
  readonly min: bigint;
  readonly max: bigint;
  readonly by: Instant;
  readonly mode: 'once' | 'topup';
}

export type Condition =
  | { readonly kind: 'at'; readonly at: Instant }
  | { readonly kind: 'after'; readonly after: Duration }
  | {
      readonly kind: 'attested';
      readonly by: string;
      readonly dedupe: string;
      readonly where: readonly (readonly [pointer: string, value: string | number | boolean])[];
    }
  | { readonly kind: 'approved'; readonly k: number; readonly of: readonly Role[] }
  | {
      readonly kind: 'claimed';
      readonly by: Role;
      /** Null: any. */
      readonly merchants: readonly string[] | null;
      readonly mcc: readonly string[] | null;
      readonly minSpend: bigint;
    }
  | { readonly kind: 'preimage'; readonly hash: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

export type Amount =
  | { readonly kind: 'fixed'; readonly amount: bigint }
  | { readonly kind: 'perUnit'; readonly total: bigint; readonly units: bigint }
  | { readonly kind: 'tranches'; readonly amounts: readonly bigint[] }
  | {
      readonly kind: 'linear';
      readonly total: bigint;
      readonly start: Instant;
      readonly end: Instant;
      readonly cliff: Instant | null;
      readonly step: Duration | null;
    }
  | {
      readonly kind: 'metered';
      readonly reading: string;
      readonly tariff: { readonly numerator: bigint; readonly denominator: bigint };
    }
  | { readonly kind: 'evidence'; readonly pointer: string }
  | { readonly kind: 'claim' }
  | { readonly kind: 'remaining' };

export interface Rule {
  readonly id: RuleId;
  readonly do: 'release' | 'refund';
  readonly when: Condition;
  readonly amount: Amount;
  /** One payee has the share `rest`. */
  readonly to: readonly { readonly to: Role; readonly share: string }[];
  readonly cooling: Duration | null;
  readonly confirmedBy: readonly Role[];
  readonly cap: bigint | null;
  readonly final: boolean;
}

export interface DisputeRule {
  readonly by: readonly Role[];
  readonly freeze: 'held' | 'rule' | 'unit';
  readonly resolve: { readonly k: number; readonly of: readonly Role[] };
  readonly timeout: Duration;
  readonly default: DisputeOutcome;
}

export type DisputeOutcome = 'release' | 'refund' | 'thaw';

export interface End {
  readonly at: Instant;
  readonly do: 'release' | 'refund';
  readonly to: Role;
}
