import { describe, expect, it } from '@jest/globals';
import { searchWith, type Plant } from '#libs/testing/contract-search/plant.js';
import { shippedSetups } from '#libs/testing/contract-search/samples.js';

const BUGS: readonly Plant[] = [
  {
    name: 'the same evidence counts again',
    file: 'release-contract/evidence.ts',
    of: 'seenBefore(state, command, found) ?? outOfTime(scratch, statement)',
    instead: 'outOfTime(scratch, statement)',
  },
  {
    name: 'evidence from the future',
    file: 'release-contract/evidence.ts',
    of: 'observedAt > at && observedAt > addMs(at, CLOCK_SKEW_MS)',
    instead: 'observedAt === at && observedAt > addMs(at, CLOCK_SKEW_MS)',
  },
  {
    name: 'nobody has to sign evidence',
    file: 'release-contract/evidence.ts',
    of: 'signers.size >= k',
    instead: 'signers.size >= 0',
  },
  {
    name: 'any key signs',
    file: 'release-contract/evidence.ts',
    of: '!keys.some((key) => key.keyId === keyId && key.alg === alg)',
    instead: 'keys.length === 0',
  },
  {
    name: 'evidence of another contract',
    file: 'release-contract/evidence.ts',
    of: 'statement.contractId === state.contractId && ',
    instead: '',
  },
  {
    name: 'a refund of what remains takes what is owed',
    file: 'release-contract/accrual.ts',
    of: 'atLeast(0n, heldBy(state) - owedBy(state))',
    instead: 'heldBy(state)',
  },
  {
    name: 'no notice',
    file: 'release-contract/accrual.ts',
    of: 'rule.cooling ? addDuration(scratch.at, rule.cooling, scratch.calendar) : scratch.at',
    instead: 'scratch.at',
  },
  {
    name: 'no cap',
    file: 'release-contract/accrual.ts',
    of: 'cap !== null && next > cap ? cap : next',
    instead: 'next',
  },
  {
    name: 'units are rounded up',
    file: 'release-contract/entitlement.ts',
    of: '((total - base.entitled) * (BigInt(n) - before)) / (units - before)',
    instead: '((total - base.entitled) * (BigInt(n) - before) + units - before - 1n) / (units - before)',
  },
  {
    name: 'one tranche too many',
    file: 'release-contract/entitlement.ts',
    of: 'amounts.slice(base.accruals, n)',
    instead: 'amounts.slice(base.accruals, n + 1)',
  },
  {
    name: 'a line that runs ahead of its steps and of time',
    file: 'release-contract/entitlement.ts',
    of: 'const passed = BigInt(epochMsOf(moment) - t0);',
    instead: 'const passed = BigInt(epochMsOf(moment) - t0 + 86_400_000);',
  },
  {
    name: 'one approval is enough',
    file: 'release-contract/conditions.ts',
    of: 'approvalsBy(facts.approvals, condition.of) >= condition.k',
    instead: 'approvalsBy(facts.approvals, condition.of) >= 1',
  },
  {
    name: 'a refusal counts as an approval',
    file: 'release-contract/conditions.ts',
    of: "decision === 'approve' && roles.includes(role)",
    instead: 'roles.includes(role)',
  },
  {
    name: 'anybody confirms',
    file: 'release-contract/approvals.ts',
    of: 'mayAct(state, by, state.terms.rules[index]!.confirmedBy)',
    instead: 'undefined',
  },
  {
    name: 'anybody approves',
    file: 'release-contract/approvals.ts',
    of: 'mayAct(state, by, plan.approvers)',
    instead: 'undefined',
  },
  {
    name: 'a disputed unit is confirmed',
    file: 'release-contract/approvals.ts',
    of: 'if (unitStandsStill(state, get(state.open, unitKey(ruleId, dedupeKey))!)) return frozen();',
    instead: '',
  },
  {
    name: 'one vote is enough',
    file: 'release-contract/disputes.ts',
    of: 'if (votes.length >= k)',
    instead: 'if (votes.length >= 1)',
  },
  {
    name: 'time does not stand still in a dispute',
    file: 'release-contract/disputes.ts',
    of: 'epochMsOf(scratch.at) - epochMsOf(openedAt);',
    instead: '0 * (epochMsOf(scratch.at) - epochMsOf(openedAt));',
  },
  {
    name: 'a lost dispute is refunded and still owed',
    file: 'release-contract/disputes.ts',
    of: "  const refund = refundOf(scratch.state, unit);\n  waive(scratch, unit, 'dispute');",
    instead: '  const refund = refundOf(scratch.state, unit);',
  },
  {
    name: 'an amendment without the last signature',
    file: 'release-contract/amendments.ts',
    of: 'return missing.length === 1 ? takeEffect(scratch)',
    instead: 'return missing.length >= 1 ? takeEffect(scratch)',
  },
  {
    name: 'the end comes with money still held',
    file: 'release-contract/ending.ts',
    of: 'heldBy(state) === 0n && owedBy(state) === 0n',
    instead: 'owedBy(state) === 0n',
  },
  {
    name: 'the end does not wait for a payment under way',
    file: 'release-contract/ending.ts',
    of: ' && state.reserved.length === 0',
    instead: '',
  },
  {
    name: 'the clock forgets the end',
    file: 'release-contract/timers.ts',
    of: "state.endFired ? null : { timerId: 'end', dueAt: state.endsAt }",
    instead: 'null',
  },
  {
    name: 'the clock goes back',
    file: 'release-contract/decider.ts',
    of: 'if (command.at < state.at) {',
    instead: 'if (command.at > command.at) {',
  },
  {
    name: 'money that nobody has promised room for',
    file: 'release-contract/funding.ts',
    of: 'const refusal = reserved ? undefined : noRoom(state, amount);',
    instead: 'const refusal = undefined;',
  },
  {
    name: 'a late payment goes back while something is owed',
    file: 'release-contract/ending.ts',
    of: 'heldBy(scratch.state) - owedBy(scratch.state),',
    instead: 'heldBy(scratch.state),',
  },
  {
    name: 'a posting of another amount',
    file: 'release-contract/accounts.ts',
    of: 'posting(custody, part.account, { asset, amount: part.amount })',
    instead: 'posting(custody, part.account, { asset, amount: part.amount + 1n })',
  },
  {
    name: 'the whole goes to the first of several payees',
    file: 'release-contract/accounts.ts',
    of: 'shares.length === 1\n',
    instead: 'shares.length >= 1\n',
  },
  {
    name: 'a state that is changed in place',
    file: 'release-contract/units.ts',
    of: 'const rules = state.rules.slice();',
    instead: 'const rules = state.rules as RuleBook[];',
  },
];

/** Enough to reach every bug below; the search proper goes deeper. */
const DEPTH = 3;
const setups = shippedSetups();

/** A check that cannot fail is no check: each of these is one wrong line in the real rules. */
describe('a planted bug', () => {
  it('is not found where there is none', async () => {
    expect(await searchWith(undefined, { setups, depth: DEPTH, choices: [] })).toEqual([]);
  }, 60_000);

  it.concurrent.each(BUGS.map((plant) => [plant.name, plant] as const))(
    'is found: %s',
    async (_name, plant) => {
      const found = await searchWith(plant, { setups, depth: DEPTH, choices: [] });
      expect(found.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
