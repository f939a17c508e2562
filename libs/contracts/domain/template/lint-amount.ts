import type { FindingCode, LintFinding } from './findings.js';
import type { AmountTerms, ConditionTerms, RuleTerms } from './types.js';
import { conditionsOf } from './walk.js';

type Brings = 'attested' | 'claimed';

/** Whether the amount gets from the condition what it is computed from; and what goes with `remaining`, `claim` and `final`. */
export function* lintAmount(rule: RuleTerms, path: string): Generator<LintFinding> {
  const { amount, when, cap, final, cooling } = rule;
  const kind = Object.keys(amount)[0] as KindOf<AmountTerms>;
  const found = (code: FindingCode, message: string): LintFinding => ({
    code,
    path: `${path}/amount`,
    message,
  });
  const needs = NEEDS[kind];
  if (needs && !alwaysBrings(when, needs)) {
    yield found(
      'AMOUNT_DOES_NOT_FIT',
      `${kind} is computed from what is ${needs}; not every way to fulfil the condition brings that.`,
    );
  }
  if (kind !== 'claim' && sometimesBrings(when, 'claimed')) {
    yield found('AMOUNT_DOES_NOT_FIT', 'What is claimed is paid as claimed: amount { claim: true }.');
  }
  if (kind === 'linear' && sometimesBrings(when, 'attested')) {
    yield found('AMOUNT_DOES_NOT_FIT', 'What grows with time is not earned by pieces of evidence.');
  }
  if (kind === 'claim' && cap === undefined) {
    yield found('CLAIM_WITHOUT_CAP', 'Claims need a cap.');
  }
  if (kind === 'remaining') {
    if (!final) yield found('REMAINING_NOT_FINAL', 'Where all that remains is paid out the rule is final.');
    if (cooling !== undefined) {
      yield found(
        'REMAINING_WITH_COOLING',
        'What remains is paid at once; it would be another amount after a period of notice.',
      );
    }
    if (cap !== undefined) yield found('AMOUNT_DOES_NOT_FIT', 'All that remains has no cap.');
  } else if (final) {
    yield found(
      'FINAL_NOT_REMAINING',
      'A final rule pays out all that remains, or money would be left behind.',
    );
  }
}

type KindOf<T> = T extends unknown ? keyof T : never;

const NEEDS: Partial<Record<KindOf<AmountTerms>, Brings>> = {
  perUnit: 'attested',
  tranches: 'attested',
  metered: 'attested',
  evidence: 'attested',
  claim: 'claimed',
};

function alwaysBrings(condition: ConditionTerms, what: Brings): boolean {
  if ('all' in condition) return condition.all.some((part) => alwaysBrings(part, what));
  if ('any' in condition) return condition.any.every((part) => alwaysBrings(part, what));
  return what in condition;
}

function sometimesBrings(condition: ConditionTerms, what: Brings): boolean {
  return [...conditionsOf(condition, '')].some((placed) => what in placed.condition);
}
