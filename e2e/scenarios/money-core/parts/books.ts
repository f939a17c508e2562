import { settled } from '../../person.js';
import { holds } from '../holds.js';
import { type Money, fen, yuan } from '../money.js';
import type { Story } from '../story.js';

interface Account {
  readonly account: string;
  readonly balance: Money;
}

/** At the end of the day, over everything that lies in the data folder. */
export async function books(story: Story): Promise<void> {
  story.part('Books at the end');
  const { auditor, ops, bank } = story;

  await story.step('nothing of the run is left open', async () => {
    const open = async () => {
      const all = await ops.get<readonly { readonly initiatedAt: string }[]>(
        '{ openPayments { id status reason initiatedAt total { amount } } }',
      );
      return all.filter(({ initiatedAt }) => initiatedAt >= story.startedAt);
    };
    holds('open payments', await settled(open, (left) => left.length === 0).catch(open), []);
    return 'every payment has come to its end';
  });

  await story.step('the ledger balances, and agrees with the bank', async () => {
    const look = async () => {
      const { accounts, ...rest } = await auditor.get<{ readonly accounts: readonly Account[] }>(
        '{ trialBalance { accounts { account balance { amount } } sum { amount } unposted } }',
      );
      return { ...rest, accounts, ours: outsideOf(accounts), theirs: yuan(await movedAt(bank)) };
    };
    const seen = await settled(look, ({ ours, theirs }) => ours === theirs).catch(look);
    holds('trial balance', seen, { sum: { amount: '0.00' }, unposted: 0 });
    holds('money that came through the bank, by our ledger', seen.ours, seen.theirs);
    const overdrawn = seen.accounts.filter(
      ({ account, balance }) => !account.startsWith('world:') && balance.amount.startsWith('-'),
    );
    holds('accounts below zero, the outside world apart', overdrawn, []);
    const clearing = seen.accounts.filter(({ account }) => account.startsWith('clearing:'));
    holds(
      'accounts that money only passes through',
      clearing.filter(({ balance }) => balance.amount !== '0.00'),
      [],
    );
    return `${seen.accounts.length} accounts, sum 0.00, none overdrawn; ¥${seen.ours} through the bank by its books and by ours`;
  });
}

/** What the institution brought, by our own ledger. */
function outsideOf(accounts: readonly Account[]): string {
  const brought = accounts.filter(({ account }) => /^world:(operator|transfer)$/.test(account));
  return yuan(-brought.reduce((sum, { balance }) => sum + fen(balance.amount), 0n));
}

/** What moved at the institution, less what came back, fen. */
async function movedAt(bank: Story['bank']): Promise<bigint> {
  return (await bank.effects()).reduce((sum, { kind, amount, moved, returned }) => {
    const moving = BigInt(amount.amount) * BigInt(moved - returned);
    return kind === 'collect' || kind === 'awaitCredit' ? sum + moving : sum - moving;
  }, 0n);
}
