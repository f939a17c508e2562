/** What the audit of units remembers of each rule and unit. */
import type { EvidenceAccepted, UnitRef } from '#libs/contracts/domain/release-contract/messages.js';
import type { ParameterValues, RuleTerms, Template } from '#libs/contracts/domain/template/types.js';
import { Said } from './conditions.js';
import type { Base } from './oracle.js';

interface Unit {
  amount: bigint;
  payableAtMs: number;
  /** Confirmed, or released by a dispute: need not wait. */
  free: boolean;
  done: boolean;
  waived: boolean;
}

interface Dispute {
  readonly subject: UnitRef | null;
  readonly scope: string;
  readonly openedMs: number;
}

export interface RuleBook {
  terms: RuleTerms;
  base: Base;
  entitled: bigint;
  paid: bigint;
  waived: bigint;
  payloads: Readonly<Record<string, unknown>>[];
  claims: bigint[];
  readonly evidence: Map<string, EvidenceAccepted['data']>;
  readonly units: Map<string, Unit>;
}

/** Everything the audit of units remembers. */
export class UnitBook {
  readonly rules = new Map<string, RuleBook>();
  dispute: Dispute | undefined;
  /** The one before. */
  lastDispute: Dispute | undefined;
  frozenMs = 0;
  proposed: { template: Template; params: ParameterValues } | undefined;
  readonly said: Said;

  constructor(
    public template: Template,
    public params: ParameterValues,
    readonly breaches: string[],
  ) {
    this.said = new Said(template, breaches);
    for (const terms of template.rules) this.rules.set(terms.id, emptyRule(terms));
  }

  owed(): bigint {
    let sum = 0n;
    for (const { entitled, paid, waived } of this.rules.values()) sum += entitled - paid - waived;
    return sum;
  }
}

export type Say = (invariant: string, what: string) => void;

function emptyRule(terms: RuleTerms): RuleBook {
  return {
    terms,
    base: { entitled: 0n, units: 0n },
    entitled: 0n,
    paid: 0n,
    waived: 0n,
    payloads: [],
    claims: [],
    evidence: new Map(),
    units: new Map(),
  };
}

/** Whether a dispute keeps the unit from being confirmed or paid. */
export function standsStill({ dispute }: UnitBook, { ruleId, dedupeKey }: UnitRef): boolean {
  if (!dispute) return false;
  if (dispute.scope === 'held') return true;
  if (dispute.subject?.ruleId !== ruleId) return false;
  return dispute.scope === 'rule' || dispute.subject.dedupeKey === dedupeKey;
}

/** New terms are in force: what was earned is what they build on. */
export function amended(book: UnitBook): void {
  const { proposed } = book;
  if (!proposed) return;
  book.template = proposed.template;
  book.params = proposed.params;
  for (const terms of proposed.template.rules) {
    const rule = book.rules.get(terms.id);
    if (!rule) {
      book.rules.set(terms.id, emptyRule(terms));
      continue;
    }
    rule.terms = terms;
    rule.base = { entitled: rule.entitled, units: rule.base.units + BigInt(rule.payloads.length) };
    rule.payloads = [];
    rule.claims = [];
  }
}
