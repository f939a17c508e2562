import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { assertShares } from '#libs/kernel/money/index.js';
import { isZero, parseDuration } from '../calendar/index.js';
import { lintAmount } from './lint-amount.js';
import type { LintFinding } from './findings.js';
import type { AttestedTerms, ConditionTerms, RuleTerms, Template } from './types.js';
import { conditionsOf, DEEPEST, partsOf, payeesOf, type PlacedCondition } from './walk.js';

/** Conditions in one rule. */
const MOST_CONDITIONS = 16;

/** Each rule by itself, and their ids. */
export function* lintRules(template: Template): Generator<LintFinding> {
  const ids = new Set<string>();
  for (const [index, rule] of template.rules.entries()) {
    const path = `/rules/${index}`;
    if (ids.has(rule.id)) {
      yield { code: 'DUPLICATE_RULE', path: `${path}/id`, message: `There are two rules ${rule.id}.` };
    }
    ids.add(rule.id);
    yield* lintCondition(rule, path);
    yield* lintAmount(rule, path);
    yield* lintPayees(rule, path, template);
    yield* lintCooling(rule, path, template);
  }
}

function* lintCondition(rule: RuleTerms, path: string): Generator<LintFinding> {
  const placed = [...conditionsOf(rule.when, `${path}/when`)];
  if (placed.length > MOST_CONDITIONS || placed.some(({ depth }) => depth > DEEPEST)) {
    const message = `A rule has at most ${MOST_CONDITIONS} conditions on ${DEEPEST} levels.`;
    yield { code: 'TOO_COMPLEX', path: `${path}/when`, message };
    return;
  }
  yield* lintUnits(rule, path, placed);
}

/** A unit is what several attestors speak of under one number, or one claim. */
function* lintUnits(
  rule: RuleTerms,
  path: string,
  placed: readonly PlacedCondition[],
): Generator<LintFinding> {
  const pointers = new Set(attestedIn(rule.when).map(({ dedupe }) => dedupe));
  if (pointers.size > 1) {
    const message = `Evidence of one rule names its unit in one way, not by ${[...pointers].join(' and ')}.`;
    yield { code: 'RULE_NEVER_FIRES', path: `${path}/when`, message };
  }
  for (const { condition, path: at } of placed) {
    const parts = partsOf(condition, 'all') ?? [];
    if (parts.some((part) => attestedIn(part).length > 0) && parts.some(isClaimed)) {
      const message = 'A claim is a unit of its own, and no evidence can be about it; make two rules of it.';
      yield { code: 'RULE_NEVER_FIRES', path: at, message };
    }
    const attestors = parts.flatMap((part) => [...new Set(attestedIn(part).map(({ by }) => by))]);
    const twice = attestors.find((by, index) => attestors.indexOf(by) < index);
    if (twice !== undefined) {
      const message = `${twice} gives evidence for a unit once; a second time is refused as contradicting the first.`;
      yield { code: 'RULE_NEVER_FIRES', path: at, message };
    }
  }
}

function attestedIn(condition: ConditionTerms): readonly AttestedTerms[] {
  return [...conditionsOf(condition, '')].flatMap((placed) =>
    'attested' in placed.condition ? [placed.condition.attested] : [],
  );
}

function isClaimed(condition: ConditionTerms): boolean {
  return [...conditionsOf(condition, '')].some((placed) => 'claimed' in placed.condition);
}

function* lintPayees(rule: RuleTerms, path: string, template: Template): Generator<LintFinding> {
  const payees = payeesOf(rule);
  if (rule.do === 'refund' && payees.some((payee) => payee !== template.funding.from)) {
    const message = `A refund goes to ${template.funding.from}, who has paid; a release may go to anybody.`;
    yield { code: 'REFUND_NOT_TO_FUNDER', path: `${path}/to`, message };
  }
  if (typeof rule.to === 'string') return;
  if (new Set(payees).size < payees.length) {
    yield { code: 'INVALID_SHARES', path: `${path}/to`, message: 'A payee has one share.' };
  }
  try {
    assertShares(rule.to);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    yield { code: 'INVALID_SHARES', path: `${path}/to`, message: error.message };
  }
}

function* lintCooling(rule: RuleTerms, path: string, template: Template): Generator<LintFinding> {
  const { cooling, confirmedBy } = rule;
  const strangers = payeesOf(rule).filter((payee) => payee !== template.funding.from);
  if (cooling === undefined && confirmedBy !== undefined) {
    const message = 'There is nothing to confirm without a period of notice.';
    yield { code: 'CONFIRMATION_WITHOUT_COOLING', path: `${path}/confirmedBy`, message };
  }
  if (cooling !== undefined && confirmedBy?.some((role) => strangers.includes(role))) {
    const message = 'A payee would end the period of notice of its own payout.';
    yield { code: 'PAYEE_CONFIRMS', path: `${path}/confirmedBy`, message };
  }
  if (isLasting(cooling)) return;
  if (strangers.length > 0 && decidedBy(rule.when, strangers, template) === 'payee') {
    const message = `${strangers.join(', ')} would decide alone on its own payout; add a period of notice (cooling).`;
    yield { code: 'PAYEE_DECIDES_ALONE', path, message };
  }
}

/** A literal of no length is no period of notice; what a parameter will be the parties see when they sign. */
function isLasting(cooling: string | undefined): boolean {
  if (cooling === undefined) return false;
  if (cooling.startsWith('$')) return true;
  try {
    return !isZero(parseDuration(cooling));
  } catch {
    return true;
  }
}

type Decider = 'payee' | 'time' | 'other';

/** Who can bring a condition about: payees alone, time alone, or only with somebody else. */
function decidedBy(condition: ConditionTerms, payees: readonly string[], template: Template): Decider {
  if ('at' in condition || 'after' in condition) return 'time';
  if ('attested' in condition) {
    const { attestors = {} } = template;
    const { by } = condition.attested;
    if (!Object.hasOwn(attestors, by)) return 'other';
    const { heldBy, k } = attestors[by]!;
    const alone = k === 1 ? heldBy.some(isPayee) : heldBy.every(isPayee);
    return alone ? 'payee' : 'other';
  }
  if ('approved' in condition) {
    const { k, of } = condition.approved;
    return of.filter(isPayee).length >= k ? 'payee' : 'other';
  }
  if ('all' in condition) {
    const parts = condition.all.map((part) => decidedBy(part, payees, template));
    if (parts.includes('other')) return 'other';
    return parts.includes('payee') ? 'payee' : 'time';
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => decidedBy(part, payees, template));
    if (parts.includes('payee')) return 'payee';
    return parts.includes('time') ? 'time' : 'other';
  }
  // A claim spends what is the claimant's to spend; a secret is given away by whoever pays.
  return 'other';

  function isPayee(role: string): boolean {
    return payees.includes(role);
  }
}
