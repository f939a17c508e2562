import { contractOf } from '../contract-acts.js';
import { holds } from '../money-core/holds.js';
import { type Money, fen, yuan } from '../money-core/money.js';
import { settled } from '../person.js';
import type { CourseStory } from './story.js';

interface Account {
  readonly account: string;
  readonly balance: Money;
}

interface Custody {
  readonly id: string;
  readonly held: string;
  readonly posted: string;
}

/** Accounts whose path begins so, by their path. */
export async function balancesOf(story: CourseStory, prefix: string): Promise<ReadonlyMap<string, string>> {
  const balances = new Map<string, string>();
  for (let after: string | null = null; ;) {
    const page: {
      readonly nodes: readonly Account[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    } = await story.person('auditor').get(
      `query B($prefix: String!, $after: String) { accountBalances(prefix: $prefix, first: 250, after: $after) {
        nodes { account balance { amount } } pageInfo { hasNextPage endCursor } } }`,
      { prefix, after },
    );
    for (const { account, balance } of page.nodes) balances.set(account, balance.amount);
    if (!page.pageInfo.hasNextPage) return balances;
    after = page.pageInfo.endCursor;
  }
}

/** What the contracts say that they hold, and what the ledger has in their accounts. @throws NotAsItShouldBe where they differ */
export async function custodyOf(story: CourseStory, ids: readonly string[]): Promise<readonly Custody[]> {
  const look = async () => {
    const balances = await balancesOf(story, 'custody:');
    return Promise.all(
      ids.map(async (id) => {
        const { number, held, funded, released, refunded } = await contractOf(story.person('auditor'), id);
        const left = yuan(fen(funded.amount) - fen(released.amount) - fen(refunded.amount));
        const posted = balances.get(`custody:${number}`) ?? '0.00';
        return { id, held: held.amount, left, posted };
      }),
    );
  };
  const agree = (all: Awaited<ReturnType<typeof look>>) =>
    all.every(({ held, left, posted }) => held === left && held === posted);
  const all = await settled(look, agree).catch(look);
  for (const { id, held, left, posted } of all) {
    holds(`custody of ${id}`, { left, posted }, { left: held, posted: held });
  }
  return all;
}
