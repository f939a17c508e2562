import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { Contract } from '../release-contract/index.js';

/** The contract's own way of being wound up: a refund of all that is not owed, which the authority alone decides on. */
export function closureRuleFor(
  { status, terms, parties }: Pick<Contract, 'status' | 'terms' | 'parties'>,
  authorityId: OrganisationId,
): { readonly ruleId: string; readonly role: string } | undefined {
  // Before it is in force no rule applies.
  if (status !== 'active') return undefined;
  for (const { role, partyId, kind } of parties) {
    if (kind !== 'organisation' || partyId !== authorityId) continue;
    const rule = terms.rules.find(
      ({ do: act, when, amount, final }) =>
        act === 'refund' &&
        final &&
        amount.kind === 'remaining' &&
        when.kind === 'approved' &&
        when.k === 1 &&
        when.of.length === 1 &&
        when.of[0] === role,
    );
    if (rule) return { ruleId: rule.id, role };
  }
  return undefined;
}
