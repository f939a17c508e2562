import { assertNever } from '#libs/kernel/errors/index.js';
import type { Condition, Role, Rule, Terms } from '../terms/types.js';
import type { EvidenceStatement } from './messages.js';
import type { Approval, ConditionOf, RuleBook, RulePlan } from './state.js';
import { at } from './values.js';

export function planOf({ when }: Rule): RulePlan {
  const leaves = leavesOf(when);
  const of = <K extends Condition['kind']>(...kinds: readonly K[]): readonly ConditionOf<K>[] =>
    leaves.filter((leaf): leaf is ConditionOf<K> => (kinds as readonly string[]).includes(leaf.kind));
  const attested = of('attested');
  const claimed = of('claimed');
  return {
    perUnit: attested.length + claimed.length > 0,
    bare: claimed.length > 0 || canHoldBare(when),
    attested,
    claimed,
    approvers: [...new Set(of('approved').flatMap((condition) => condition.of))],
    secrets: of('preimage').map(({ hash }) => hash),
    moments: of('at', 'after'),
  };
}

function leavesOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(leavesOf) : [condition];
}

/** Whether the condition can come true without evidence and without a claim. */
function canHoldBare(condition: Condition): boolean {
  switch (condition.kind) {
    case 'attested':
    case 'claimed':
      return false;
    case 'all':
      return condition.of.every(canHoldBare);
    case 'any':
      return condition.of.some(canHoldBare);
    case 'at':
    case 'after':
    case 'approved':
    case 'preimage':
      return true;
    default:
      return assertNever(condition, 'condition');
  }
}

/** What is known of one unit. */
export interface Facts {
  readonly plan: RulePlan;
  readonly book: Pick<RuleBook, 'moments' | 'revealed'>;
  /** Indexes into `plan.attested`. */
  readonly attested: readonly number[];
  readonly claimed: boolean;
  readonly approvals: readonly Approval[];
}

/** Moments count from when their timer has fired, so that decisions and timers can never disagree. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'at':
    case 'after':
      return facts.book.moments[facts.plan.moments.indexOf(condition)]?.fired ?? false;
    case 'attested':
      return facts.attested.includes(facts.plan.attested.indexOf(condition));
    case 'claimed':
      return facts.claimed;
    case 'approved':
      return approvalsBy(facts.approvals, condition.of) >= condition.k;
    case 'preimage':
      return facts.book.revealed.includes(condition.hash);
    case 'all':
      return condition.of.every((part) => holds(part, facts));
    case 'any':
      return condition.of.some((part) => holds(part, facts));
    default:
      return assertNever(condition, 'condition');
  }
}

function approvalsBy(approvals: readonly Approval[], roles: readonly Role[]): number {
  let count = 0;
  for (const { role, decision } of approvals) {
    if (decision === 'approve' && roles.includes(role)) count += 1;
  }
  return count;
}

/** Indexes of the rule's `attested` conditions that the statement, made by that attestor, fulfils. */
export function fulfilledBy(
  statement: EvidenceStatement,
  attestor: string,
  plan: RulePlan,
  terms: Terms,
): readonly number[] {
  const fulfilled: number[] = [];
  for (const [index, condition] of plan.attested.entries()) {
    if (condition.by !== attestor || terms.attestors[attestor]?.schema !== statement.schema) continue;
    if (keyAt(statement, condition.dedupe) !== statement.dedupeKey) continue;
    if (condition.where.every(([pointer, value]) => at(statement.payload, pointer) === value)) {
      fulfilled.push(index);
    }
  }
  return fulfilled;
}

/** The unit that the payload names; a number or a truth is taken by its JSON text. */
function keyAt({ payload }: EvidenceStatement, pointer: string): string | undefined {
  const value = at(payload, pointer);
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
