import { type Person, settled } from '../../person.js';
import { byWallet, openWallet, paid, topUp, walletOf } from '../acts.js';
import { momentIn, pause } from '../days.js';
import { NotAsItShouldBe, holds } from '../holds.js';
import { type Money, plus } from '../money.js';
import type { Story } from '../story.js';

interface Statement {
  readonly opening: Money;
  readonly closing: Money;
  readonly unposted: number;
  readonly csvUrl: string;
  readonly lines: {
    readonly nodes: readonly {
      readonly amount: Money;
      readonly balance: Money;
      readonly counterparty: string | null;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const TRIAL_BALANCE =
  'query T($asOf: DateTime) { trialBalance(asOf: $asOf) { accounts { account balance { amount } } sum { amount } unposted } }';
const STATEMENT = `query S($account: String!, $from: DateTime, $to: DateTime, $after: String) {
  accountStatement(account: $account, from: $from, to: $to, first: 20, after: $after) {
    opening { amount } closing { amount } unposted csvUrl
    lines { nodes { amount { amount } balance { amount } counterparty } pageInfo { hasNextPage endCursor } } } }`;
const HOUR_MS = 3_600_000;

export async function ledger(story: Story): Promise<void> {
  story.part('Ledger');
  const { auditor, payer, payer2, bursar, school } = story;
  const walletId = await openWallet(story, payer, '500.00');

  await story.step('the trial balance is zero, now and as of a moment ago', async () => {
    holds('trial balance', await auditor.get(TRIAL_BALANCE), { sum: { amount: '0.00' }, unposted: 0 });
    const asOf = await momentOver(story, walletId);
    const then = await answered(() => auditor.ask(TRIAL_BALANCE, { asOf }));
    holds('as of a moment ago', then, { trialBalance: { sum: { amount: '0.00' }, unposted: 0 } });
    const { id: billId } = await school.one('30.00');
    await paid(story, payer, { billId, amount: '30.00', method: byWallet(walletId) });
    const again = await auditor.ask(TRIAL_BALANCE, { asOf });
    holds('the same question after another payment', again, { data: then });
    const accounts = (then as { readonly trialBalance: { readonly accounts: readonly unknown[] } })
      .trialBalance;
    return `${accounts.accounts.length} accounts, sum 0.00; the same answer again after a payment`;
  });

  await story.step('a moment to come is refused', async () => {
    for (const [query, variables] of [
      [TRIAL_BALANCE, { asOf: momentIn(HOUR_MS) }],
      [STATEMENT, { account: school.payable, to: momentIn(HOUR_MS) }],
    ] as const) {
      const { errors } = await auditor.ask(query, variables);
      holds('a moment to come', errors, [{ extensions: { code: 'AS_OF_NOT_PROJECTED' } }]);
    }
    return 'AS_OF_NOT_PROJECTED for trial balance and statement';
  });

  await story.step('statement of the school with its running balance', async () => {
    const lines = await statement(bursar, {
      account: school.payable,
      from: story.startedAt,
      to: await momentOver(story, walletId),
    });
    if (lines.length === 0)
      throw new NotAsItShouldBe(`statement: expected the run's lines, came ${lines.length}`);
    const read = await bursar.get<Statement>(STATEMENT, { account: school.payable, from: story.startedAt });
    const file = await fetch(read.csvUrl);
    holds('the file', [file.status, file.headers.get('content-type')], [200, 'text/csv; charset=utf-8']);
    const rows = (await file.text()).trim().split('\r\n').length;
    if (rows < lines.length)
      throw new NotAsItShouldBe(`the file: expected ${lines.length} lines, came ${rows}`);
    return `${lines.length} lines, each balance follows from the one before, and as a file`;
  });

  await story.step('a payer’s own wallet, and nobody else’s', async () => {
    const account = `wallet:${localPart(walletId)}`;
    const { balance } = await walletOf(payer, walletId);
    const lines = await statement(payer, { account, to: await momentOver(story, walletId) });
    holds('balance of the last line', lines.at(-1)?.balance.amount, balance.amount);
    holds('seen by another payer', await payer2.get(STATEMENT, { account }), null);
    holds('seen by the school', await bursar.get(STATEMENT, { account }), null);
    return `${lines.length} lines up to the wallet's balance; another payer and the school see none`;
  });
}

/** Now, and something is recorded after it: a moment of a quiet log is answered ten seconds later only. */
async function momentOver(story: Story, walletId: string): Promise<string> {
  const moment = momentIn(0);
  await pause(2);
  await topUp(story, story.payer, walletId, '0.01');
  return moment;
}

/** The moment is answered once everything up to it has been projected. */
async function answered(
  ask: () => Promise<{ readonly data: unknown; readonly errors?: readonly unknown[] }>,
): Promise<unknown> {
  return (await settled(ask, ({ errors }) => errors === undefined)).data;
}

/** Every page of it, the figures added up on the way. */
async function statement(
  who: Person,
  period: { readonly account: string; readonly from?: string; readonly to: string },
): Promise<Statement['lines']['nodes']> {
  await answered(() => who.ask(STATEMENT, period));
  const lines: Statement['lines']['nodes'][number][] = [];
  let balance: string | undefined;
  for (let after: string | null = null; ;) {
    const page: Statement | null = await who.get<Statement | null>(STATEMENT, { ...period, after });
    if (!page) throw new NotAsItShouldBe(`statement of ${period.account}: expected one, came none`);
    balance ??= page.opening.amount;
    for (const line of page.lines.nodes) {
      balance = plus(balance, line.amount.amount);
      holds(`balance after line ${lines.length + 1}`, line.balance.amount, balance);
      lines.push(line);
    }
    if (!page.lines.pageInfo.hasNextPage) {
      holds('statement', page, { closing: { amount: balance }, unposted: 0 });
      return lines;
    }
    after = page.lines.pageInfo.endCursor;
  }
}

/** Accounts are named by the id inside the one that clients know. */
function localPart(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1]!;
}
