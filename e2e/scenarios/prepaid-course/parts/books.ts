import { contractOf, timelineOf } from '../../contract-acts.js';
import { holds } from '../../money-core/holds.js';
import { type Money, fen, sumOf, yuan } from '../../money-core/money.js';
import { settled } from '../../person.js';
import { balancesOf, custodyOf } from '../custody.js';
import type { CourseStory } from '../story.js';

interface Check {
  readonly contracts: number;
  readonly held: Money;
  readonly posted: Money;
  readonly ledger: Money;
  readonly apart: number;
  readonly breachCount: number;
  readonly fundingClearing: Money;
  readonly payoutClearing: Money;
}

/** Every yuan is accounted for. */
export async function books(story: CourseStory): Promise<void> {
  story.part('Books at the end');
  const auditor = story.person('auditor');
  const ids = [...story.made.contractIds];
  let funded = 0n;
  let held = 0n;

  await story.step('the history of each contract adds up to what its account holds', async () => {
    const custody = await custodyOf(story, ids);
    held = custody.reduce((sum, one) => sum + fen(one.held), 0n);
    for (const id of ids) {
      const contract = await contractOf(auditor, id);
      const entries = await timelineOf(auditor, id);
      const moved = (type: string) =>
        sumOf(entries.filter((entry) => entry.type === type).map(({ amount }) => amount.amount));
      holds(`what was released of ${id}`, moved('FundsReleased'), contract.released.amount);
      holds(`what was refunded of ${id}`, moved('FundsRefunded'), contract.refunded.amount);
      holds(`what was paid into ${id}`, moved('FundsDeposited'), contract.funded.amount);
      const { held: left, released, refunded } = entries.at(-1)!.totals;
      holds(
        `the last line of ${id}`,
        { left, released, refunded },
        {
          left: contract.held,
          released: contract.released,
          refunded: contract.refunded,
        },
      );
      funded += fen(contract.funded.amount);
    }
    const left = custody.filter((one) => one.held !== '0.00').map((one) => one.held);
    return `${ids.length} contracts, ¥${yuan(funded)} paid in; held: ${left.map((sum) => `¥${sum}`).join(', ') || 'nothing'}`;
  });

  await story.step('nothing is on its way, and nobody has touched custody but the contracts', async () => {
    const look = () =>
      auditor.get<Check>(`{ custodyCheck { contracts held { amount } posted { amount } ledger { amount } apart breachCount
        fundingClearing { amount } payoutClearing { amount } } }`);
    const still = ({ fundingClearing, payoutClearing, held: of, ledger }: Check) =>
      fundingClearing.amount === '0.00' && payoutClearing.amount === '0.00' && of.amount === ledger.amount;
    const check = await settled(look, still).catch(look);
    const none = { amount: '0.00' };
    holds('custody', check, {
      apart: 0,
      breachCount: 0,
      fundingClearing: none,
      payoutClearing: none,
      posted: check.held,
      ledger: check.held,
    });
    const accounts = await balancesOf(story, 'custody:');
    holds('all accounts of custody', sumOf([...accounts.values()]), check.held.amount);
    return `¥${check.held.amount} in ${check.contracts} contracts by their word, by every posting and by the ledger`;
  });

  await story.step('payers are out of pocket by what others have received', async () => {
    const spent = async () => (await story.spentBy('payer')) + (await story.spentBy('payer2'));
    // Of ¥1200.00 that came through the bank ¥1150.00 went back the same way.
    const paidOut = (await releasedOf(story, ids)) + held - fen('50.00');
    const found = await settled(spent, (sum) => sum === paidOut).catch(spent);
    holds('out of pocket', yuan(found), yuan(paidOut));
    return `¥${yuan(found)} of the wallets and ¥50.00 through the bank: ¥${yuan(paidOut + fen('50.00') - held)} with schools and shops, the rest in custody`;
  });

  await story.step('the ledger balances', async () => {
    const { sum, unposted, accounts } = await auditor.get<{
      readonly sum: Money;
      readonly unposted: number;
      readonly accounts: readonly { readonly account: string; readonly balance: Money }[];
    }>('{ trialBalance { sum { amount } unposted accounts { account balance { amount } } } }');
    holds('the trial balance', { sum, unposted }, { sum: { amount: '0.00' }, unposted: 0 });
    const overdrawn = accounts.filter(
      ({ account, balance }) => !account.startsWith('world:') && balance.amount.startsWith('-'),
    );
    holds('accounts below zero, the outside world apart', overdrawn, []);
    return `${accounts.length} accounts, sum 0.00, none overdrawn`;
  });
}

/** What left custody for good: what went from a budget into a voucher is still there. */
async function releasedOf(story: CourseStory, ids: readonly string[]): Promise<bigint> {
  let sum = 0n;
  for (const id of ids) {
    const { released, templateId } = await story
      .person('auditor')
      .get<{ readonly released: Money; readonly templateId: string }>(
        'query C($id: ID!) { releaseContract(id: $id) { released { amount } templateId } }',
        { id },
      );
    if (templateId !== 'campaign-budget') sum += fen(released.amount);
  }
  return sum;
}
