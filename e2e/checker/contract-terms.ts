import { isRecord, type JsonRecord, recordsOf, textOf } from './export.js';

/** What a contract says, read from the template and the parameters in its own events; references are looked up, nothing else. */
export interface ContractTerms {
  readonly rules: ReadonlyMap<string, RuleTerms>;
  readonly attestors: ReadonlyMap<string, AttestorTerms>;
  readonly signers: readonly string[];
  readonly resolve: { readonly k: number; readonly of: readonly string[] };
  readonly byDefault: string;
  readonly fundBy: string;
}

export interface RuleTerms {
  readonly id: string;
  /** `release` or `refund`. */
  readonly does: string;
  readonly amount: AmountTerms;
  readonly cooling: boolean;
  readonly confirmedBy: readonly string[];
  /** Minor units; undefined: none. */
  readonly cap: bigint | undefined;
}

export type AmountTerms =
  | { readonly kind: 'fixed'; readonly amount: bigint }
  | { readonly kind: 'perUnit'; readonly total: bigint; readonly units: bigint }
  | { readonly kind: 'tranches'; readonly amounts: readonly bigint[] }
  | { readonly kind: 'linear'; readonly total: bigint; readonly start: string; readonly end: string }
  | { readonly kind: 'metered'; readonly pointer: string; readonly tariff: string }
  | { readonly kind: 'evidence'; readonly pointer: string }
  | { readonly kind: 'claim' }
  | { readonly kind: 'remaining' };

export interface AttestorTerms {
  /** Different keys that must have signed. */
  readonly k: number;
  /** By key id: raw public key, base64url. */
  readonly keys: ReadonlyMap<string, { readonly alg: string; readonly publicKey: string }>;
}

/** @param said `template` and `params` of ContractDrafted or AmendmentProposed */
export function termsOf(said: JsonRecord): ContractTerms {
  const template = recordOf(said['template']);
  const params = recordOf(said['params']);
  const dispute = recordOf(template['dispute']);
  const resolve = recordOf(dispute['resolve']);
  const funder = textOf(recordOf(template['funding'])['from']);
  const attestors = Object.entries(recordOf(template['attestors']));
  return {
    rules: new Map(
      recordsOf(template['rules']).map((rule) => [textOf(rule['id']), ruleOf(rule, params, funder)]),
    ),
    attestors: new Map(attestors.map(([name, said]) => [name, attestorOf(recordOf(said), params)])),
    signers: Object.entries(recordOf(template['roles'])).flatMap(([role, what]) =>
      recordOf(what)['signs'] === true ? [role] : [],
    ),
    resolve: { k: Number(resolve['k']), of: textsOf(resolve['of']) },
    byDefault: textOf(dispute['default']),
    fundBy: textOf(looked(recordOf(template['funding'])['by'], params)),
  };
}

function ruleOf(rule: JsonRecord, params: JsonRecord, funder: string): RuleTerms {
  const cap = looked(rule['cap'], params);
  return {
    id: textOf(rule['id']),
    does: textOf(rule['do']),
    amount: amountTermsOf(recordOf(rule['amount']), params),
    cooling: rule['cooling'] !== undefined,
    confirmedBy: rule['confirmedBy'] === undefined ? [funder] : textsOf(rule['confirmedBy']),
    cap: cap === undefined ? undefined : integerOf(cap),
  };
}

function amountTermsOf(amount: JsonRecord, params: JsonRecord): AmountTerms {
  const [kind = ''] = Object.keys(amount);
  const inner = recordOf(amount[kind]);
  const own = (name: string): unknown => looked(inner[name], params);
  switch (kind) {
    case 'fixed':
      return { kind, amount: integerOf(looked(amount['fixed'], params)) };
    case 'perUnit':
      return { kind, total: integerOf(own('total')), units: integerOf(own('units')) };
    case 'tranches':
      return { kind, amounts: textsOf(looked(amount['tranches'], params)).map(integerOf) };
    case 'linear':
      return { kind, total: integerOf(own('total')), start: textOf(own('start')), end: textOf(own('end')) };
    case 'metered':
      return { kind, pointer: textOf(inner['reading']), tariff: textOf(own('tariff')) };
    case 'evidence':
      return { kind, pointer: textOf(amount['evidence']) };
    case 'claim':
    case 'remaining':
      return { kind };
    default:
      throw new Error(`A rule pays by "${kind}", which the checker does not know.`);
  }
}

function attestorOf({ k, keys }: JsonRecord, params: JsonRecord): AttestorTerms {
  return {
    k: Number(k),
    keys: new Map(
      recordsOf(looked(keys, params)).map((key) => [
        textOf(key['keyId']),
        { alg: textOf(key['alg']), publicKey: textOf(key['publicKey']) },
      ]),
    ),
  };
}

/** `$name` is the parameter of that name, anything else stands for itself. */
function looked(value: unknown, params: JsonRecord): unknown {
  return typeof value === 'string' && value.startsWith('$') ? params[value.slice(1)] : value;
}

function integerOf(value: unknown): bigint {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : 0n;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}
