/**
 * A release template as published: a document of data, without user code and without loops, so that every outcome can be
 * enumerated. Its JSON Schema is schemas/contracts/contract-template.v1.json; this is the same shape for the compiler.
 */

/** Text for people. */
export interface Words {
  readonly 'zh-CN': string;
  readonly 'en-US': string;
}

/**
 * Either `$name`, the value of a parameter, or a literal: an integer of minor units or of a count `"5000"`, a duration
 * (`P3D`, `PT48H`, `P1M`; `3WD` are working days of the region), an RFC 3339 moment.
 */
export type Value = string;

export type ParameterType =
  /** Minor units of the template's asset. */
  | 'amount'
  | 'count'
  | 'time'
  | 'duration'
  | 'id'
  /** Public keys of an attestor. */
  | 'keys'
  /** `"53/1"` */
  | 'ratio'
  /** Amounts in order, for tranches. */
  | 'amounts'
  /** Ids of merchants. */
  | 'ids'
  /** Merchant category codes, ISO 18245. */
  | 'codes'
  /** SHA-256, hex. */
  | 'hash';

export interface Parameter {
  readonly type: ParameterType;
  readonly title: Words;
  /** `region`: filled from the region's parameter set of the day on which the contract is drafted. Default `instance`. */
  readonly from?: 'instance' | 'region';
  /** Bounds of amounts and counts, inclusive. */
  readonly min?: string;
  readonly max?: string;
}

export interface RoleTerms {
  readonly title: Words;
  /** Whether the contract waits for this role's signature; at least one role signs. */
  readonly signs?: boolean;
  /** Whether amendments, votes and rules can do without anybody in this role at first; default false. */
  readonly optional?: boolean;
}

export interface AttestorTerms {
  /** `$name` of a parameter of type `keys`. */
  readonly keys: Value;
  /** How many different keys must have signed. */
  readonly k: number;
  /** Evidence schema: schemas/contracts/evidence/<name>.json, such as `lesson.v1`. */
  readonly schema: string;
  /** Roles whose people hold the keys; the lint asks for cooling where a payee is the only one. */
  readonly heldBy: readonly string[];
}

export interface FundingTerms {
  readonly from: string;
  readonly min: Value;
  readonly max: Value;
  readonly by: Value;
  /** `once` (default): one deposit between min and max. `topup`: any number, of which no more than max is held at a time. */
  readonly mode?: 'once' | 'topup';
}

export type ConditionTerms =
  | { readonly at: Value }
  /** That long after the contract became active. */
  | { readonly after: Value }
  | { readonly attested: AttestedTerms }
  | { readonly approved: { readonly k: number; readonly of: readonly string[] } }
  | { readonly claimed: ClaimedTerms }
  /** SHA-256 of a secret; whoever reveals the secret fulfils it. */
  | { readonly preimage: Value }
  | { readonly all: readonly ConditionTerms[] }
  | { readonly any: readonly ConditionTerms[] };

export interface AttestedTerms {
  readonly by: string;
  /** JSON pointer (RFC 6901) into the payload: evidence with the same value is the same unit. */
  readonly dedupe: string;
  /** JSON pointers into the payload and the scalar each must equal. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
}

export interface ClaimedTerms {
  readonly by: string;
  readonly merchants?: Value;
  readonly mcc?: Value;
  readonly minSpend?: Value;
}

export type AmountTerms =
  | { readonly fixed: Value }
  | { readonly perUnit: { readonly total: Value; readonly units: Value } }
  | { readonly tranches: Value }
  /** With `step` it grows at the end of each step only, and is paid then without anybody asking. */
  | {
      readonly linear: {
        readonly total: Value;
        readonly start: Value;
        readonly end: Value;
        readonly cliff?: Value;
        readonly step?: Value;
      };
    }
  /** A meter's cumulative reading times the tariff, minor units per unit of reading. */
  | { readonly metered: { readonly reading: string; readonly tariff: Value } }
  /** Minor units at a JSON pointer of the payload, as an integer text. */
  | { readonly evidence: string }
  | { readonly claim: true }
  /** All that is held and owed to nobody. */
  | { readonly remaining: true };

export interface ShareTerms {
  readonly to: string;
  /** `"95/100"` or `"rest"`. */
  readonly share: string;
}

export interface RuleTerms {
  readonly id: string;
  readonly title: Words;
  readonly do: 'release' | 'refund';
  readonly when: ConditionTerms;
  readonly amount: AmountTerms;
  readonly to: string | readonly ShareTerms[];
  /** Period of notice between entitlement and payout, in which it may be confirmed or objected to. */
  readonly cooling?: Value;
  /** Roles whose confirmation ends the cooling; default: the role that funds. */
  readonly confirmedBy?: readonly string[];
  /** Most that the rule ever pays. */
  readonly cap?: Value;
  /** After its payout nothing new is taken: the contract closes once what is owed has been paid. */
  readonly final?: boolean;
}

export interface DisputeTerms {
  readonly by: readonly string[];
  /** What stands still: `held`: everything. `rule`, `unit`: the rule or the unit in question; a dispute about the whole freezes everything. */
  readonly freeze: 'held' | 'rule' | 'unit';
  /** That many of these roles must vote for the same outcome. */
  readonly resolve: { readonly k: number; readonly of: readonly string[] };
  readonly timeout: Value;
  readonly default: 'release' | 'refund' | 'thaw';
}

export interface EndTerms {
  readonly at: Value;
  readonly do: 'release' | 'refund';
  readonly to: string;
}

/** What the parameters of an instance must satisfy beside their types; sums and products are not needed. */
export interface CheckTerms {
  readonly le?: readonly [Value, Value];
  readonly lt?: readonly [Value, Value];
  readonly eq?: readonly [Value, Value];
  /** The second moment is no later than the duration after the first; months and days count in Asia/Shanghai. */
  readonly within?: readonly [from: Value, until: Value, most: Value];
  readonly text: Words;
}

export interface Template {
  readonly apiVersion: 'contract/v1';
  readonly id: string;
  /** Semantic version. */
  readonly version: string;
  readonly title: Words;
  readonly summary: Words;
  readonly asset: string;
  readonly roles: Readonly<Record<string, RoleTerms>>;
  readonly params: Readonly<Record<string, Parameter>>;
  readonly checks?: readonly CheckTerms[];
  readonly attestors?: Readonly<Record<string, AttestorTerms>>;
  readonly funding: FundingTerms;
  readonly rules: readonly RuleTerms[];
  readonly dispute: DisputeTerms;
  readonly end: EndTerms;
}

/** A public key that may sign evidence. */
export interface AttestorKey {
  readonly keyId: string;
  readonly alg: SignatureProfile;
  /** Raw public key, base64url: 32 bytes for Ed25519, 65 bytes (0x04 ‖ x ‖ y) for SM2. */
  readonly publicKey: string;
}

/** Ed25519: RFC 8032 over the RFC 8785 bytes. SM2: GB/T 32918.2 with SM3 and the default user id, over the same bytes. */
export type SignatureProfile = 'Ed25519' | 'SM2';

/** A parameter's value as given: decimal texts for amounts, counts and ratios; never a JS number. */
export type ParameterValue = string | readonly string[] | readonly AttestorKey[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
