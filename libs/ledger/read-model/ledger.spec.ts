import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asId, type WalletId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { OpenWallet, PayBills, TopUpWallet } from '#libs/payments/contract/index.js';
import { auditorOf, instantAt, LEDGER_START, LedgerWorld, type Move } from '#libs/testing/ledger-world.js';
import { callerOf, fen, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import {
  billContent,
  bursar,
  clerk,
  defineFeeItem,
  issueBill,
  ops,
  payer,
} from '#libs/testing/school-fixture.js';
import { AccountBalances, AccountStatement, AsOfNotProjected, TrialBalance } from '../contract/index.js';
import { SETTLING_MS } from './recorded-time.js';

const auditor = requestOf(callerOf('auditor', 'auditor-1'));
const stranger = requestOf({ ...callerOf('auditor', 'auditor-2'), tenant: asId<'tenant'>('other-tenant') });
const page = { first: 50 };

describe('the ledger of payments', () => {
  let world: ProductWorld;
  let walletId: WalletId;
  beforeAll(async () => {
    world = await productWorld();
    const billId = await issueBill(world, billContent(await defineFeeItem(world, 'TUITION'), '0001'));
    const opened = await world.execute(new OpenWallet(payer(), { idempotencyKey: 'open', label: 'main' }));
    if (!opened.accepted) throw new Error(opened.rejection.code);
    walletId = opened.value.id;
    await world.execute(new TopUpWallet(payer(), { idempotencyKey: 'fill', walletId, amount: fen(5_000) }));
    const paid = await world.execute(
      new PayBills(payer(), {
        idempotencyKey: 'pay',
        bills: [{ billId }],
        expectedTotal: fen(1_000),
        method: { channel: 'wallet', walletId },
      }),
    );
    if (!paid.accepted) throw new Error(paid.rejection.code);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const everybody = () => ({
    auditor,
    ops,
    payer: payer(),
    otherPayer: payer('payer-2'),
    bursar: bursar(),
    otherBursar: bursar(OTHER_SCHOOL),
    auditorOfSchool: requestOf(callerOf('auditor', 'a', SCHOOL)),
    clerkOfNone: clerk(),
    stranger,
  });

  it('shows each the accounts that are theirs', async () => {
    const seen: Record<string, readonly string[]> = {};
    for (const [who, request] of Object.entries(everybody())) {
      const { items } = await world.query(new AccountBalances(request, { prefix: '', page }));
      seen[who] = items.map(({ item }) => `${item.account} ${item.balance.amount}`);
    }
    const all = ['org:school-1:payable 1000', `wallet:${walletId} 4000`, 'world:topup -5000'];
    expect(seen).toEqual({
      auditor: all,
      ops: all,
      payer: [`wallet:${walletId} 4000`],
      otherPayer: [],
      bursar: ['org:school-1:payable 1000'],
      otherBursar: [],
      auditorOfSchool: ['org:school-1:payable 1000'],
      clerkOfNone: [],
      stranger: [],
    });
  });

  it('shows statements to the same people, and nothing at all to others', async () => {
    const seenOf = async (account: string) => {
      const seen: string[] = [];
      for (const [who, request] of Object.entries(everybody()))
        if (await world.query(new AccountStatement(request, { account, page }))) seen.push(who);
      return seen;
    };
    expect({
      payable: await seenOf('org:school-1:payable'),
      wallet: await seenOf(`wallet:${walletId}`),
      outside: await seenOf('world:topup'),
      none: await seenOf('org:school-1:fees'),
    }).toEqual({
      payable: ['auditor', 'ops', 'bursar', 'auditorOfSchool'],
      wallet: ['auditor', 'ops', 'payer'],
      outside: ['auditor', 'ops'],
      none: [],
    });
    for (const [who, request] of Object.entries(everybody())) {
      const { accounts } = await world.query(new TrialBalance(request));
      expect([who, accounts.length]).toEqual([who, who === 'auditor' || who === 'ops' ? 3 : 0]);
    }
  });

  it('tells a payer what happened to the wallet', async () => {
    const statement = await world.query(
      new AccountStatement(payer(), { account: `wallet:${walletId}`, page }),
    );
    expect(statement).toMatchObject({ opening: fen(0), closing: fen(4_000), unposted: 0 });
    expect(
      statement!.lines.items.map(({ item }) => [
        item.eventType,
        item.amount.amount,
        item.balance.amount,
        item.counterparty?.split(':')[0],
        item.stream,
      ]),
    ).toEqual([
      ['WalletToppedUp', 5_000n, 5_000n, 'world', `wallet-${walletId}`],
      ['WalletHoldPlaced', -1_000n, 4_000n, 'hold', `wallet-${walletId}`],
    ]);
  });

  it('never tells a merchant whose wallet it was', async () => {
    const statement = await world.query(
      new AccountStatement(bursar(), { account: 'org:school-1:payable', page }),
    );
    expect(
      JSON.stringify(statement, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain(walletId);
    expect(statement!.lines.items).toHaveLength(1);
  });
});

describe('the ledger', () => {
  let given: LedgerWorld;
  beforeEach(async () => {
    given = new LedgerWorld();
    await given.start();
  });
  afterEach(() => given.close());

  const topUp: Move = ['world:topup', 'wallet:a', 100n];
  const balanceBy = async (ms: number) =>
    (await given.trialBalance(instantAt(ms))).accounts.find(({ account }) => account === 'wallet:a')?.balance
      .amount;
  const start = Date.parse(LEDGER_START);

  it('counts the very moment asked about, and not the next', async () => {
    await given.record([topUp]);
    given.wait(1);
    await given.record([topUp]);
    given.wait(1);
    await given.record([topUp]);
    await given.caughtUp();
    given.wait(60_000);
    expect([
      await balanceBy(start - 1),
      await balanceBy(start),
      await balanceBy(start + 1),
      await balanceBy(start + 2),
    ]).toEqual([undefined, 100n, 200n, 300n]);
  });

  it('goes by the time of recording: what is entered later for earlier changes no answer', async () => {
    await given.record([topUp]);
    given.wait(1_000);
    await given.record([]);
    await given.caughtUp();
    expect(await balanceBy(start + 500)).toBe(100n);
    await given.record([topUp], { at: addMs(LEDGER_START, -86_400_000) });
    // Even with the clock set back.
    given.wait(-700);
    await given.record([topUp]);
    await given.caughtUp();
    expect(await balanceBy(start + 500)).toBe(100n);
    const statement = (await given.accountStatement({ account: 'wallet:a', page }))!;
    expect(statement.lines.items.map(({ item }) => [item.at, item.recordedAt])).toEqual([
      [LEDGER_START, LEDGER_START],
      [addMs(LEDGER_START, -86_400_000), addMs(LEDGER_START, 1_000)],
      [addMs(LEDGER_START, 300), addMs(LEDGER_START, 300)],
    ]);
  });

  it('refuses the future and what has just been, and says what it can answer', async () => {
    const refusal = async (ms: number) => {
      const asked = given.trialBalance(instantAt(ms));
      return asked.then(
        () => 'answered',
        (fault: unknown) => {
          if (!(fault instanceof AsOfNotProjected)) throw fault;
          return fault.projectedUntil;
        },
      );
    };
    expect(await refusal(start)).toBe(instantAt(start - SETTLING_MS));
    await given.record([topUp]);
    await given.caughtUp();
    // Later events settle what was before them.
    expect(await refusal(start)).toBe(instantAt(start - 1));
    expect(await refusal(start - 1)).toBe('answered');
    given.wait(SETTLING_MS - 1);
    expect(await refusal(start)).toBe(instantAt(start - 1));
    given.wait(1);
    expect(await refusal(start)).toBe('answered');
    expect(await refusal(start + 1)).toBe(instantAt(start));
    expect(await refusal(start + 86_400_000)).toBe(instantAt(start));
  });

  it('refuses while it is behind the log', async () => {
    await given.record([topUp]);
    await given.caughtUp();
    await given.consumers!.stop();
    given.wait(5);
    await given.record([topUp]);
    given.wait(60_000);
    await expect(given.trialBalance(instantAt(start + 100))).rejects.toMatchObject({
      name: 'AsOfNotProjected',
      projectedUntil: instantAt(start - 1),
    });
    await given.start();
    expect(await balanceBy(start + 100)).toBe(200n);
  });

  it('says how many events it could not post', async () => {
    const many = Array.from({ length: 1_025 }, () => topUp);
    await given.record(many);
    await given.record(many.slice(1));
    await given.caughtUp();
    const { accounts, unposted } = await given.trialBalance();
    expect([accounts.map(({ balance }) => balance.amount), unposted]).toEqual([[102_400n, -102_400n], 1]);
  });

  it('hides wallets behind an organisation’s lines from its staff, and from nobody who may see all', async () => {
    await given.record([['wallet:a', 'org:s:payable', 5n]]);
    await given.record([['org:s:payable', 'clearing:refund', 1n]]);
    await given.caughtUp();
    const seenBy = async (context: ReturnType<typeof auditorOf>) =>
      (await given.accountStatement({ account: 'org:s:payable', page }, context))!.lines.items.map(
        ({ item }) => item.counterparty,
      );
    const { caller, correlationId } = auditorOf();
    const staff = { caller: { ...caller, organisation: asId<'organisation'>('s') }, correlationId };
    expect(await seenBy(auditorOf())).toEqual(['wallet:a', 'clearing:refund']);
    expect(await seenBy(staff)).toEqual([null, 'clearing:refund']);
    // Another organisation, whose name begins with theirs.
    await given.record([['world:cash', 'org:so:payable', 9n]]);
    await given.caughtUp();
    for (const asOf of [undefined, addMs(LEDGER_START, 0)]) {
      given.wait(SETTLING_MS);
      const asked = { prefix: 'org:s', page, ...(asOf === undefined ? {} : { asOf }) };
      const found = async (context?: typeof staff) =>
        (await given.accountBalances(asked, context)).items.map(({ item }) => item.account);
      expect([await found(staff), await found()]).toEqual([
        ['org:s:payable'],
        ['org:s:payable', 'org:so:payable'],
      ]);
    }
    expect(await given.accountStatement({ account: 'org:so:payable', page }, staff)).toBeUndefined();
  });

  it('reads books of any size in pieces, and keeps tenants apart', async () => {
    for (let event = 0; event < 12; event += 1) {
      const moves = Array.from({ length: 1_000 }, (_, index): Move => {
        const [hold, wallet] = [`hold:${event}-${index >> 1}`, `wallet:${event % 3}`];
        return index % 2 === 0 ? [wallet, hold, 1n] : [hold, 'org:s:payable', 1n];
      });
      await given.record(moves, { tenant: event % 4 === 0 ? 'tenant-2' : 'tenant-1' });
    }
    await given.caughtUp();
    given.wait(SETTLING_MS);
    for (const tenant of ['tenant-1', 'tenant-2']) {
      const past = await given.trialBalance(LEDGER_START, tenant);
      expect(past).toEqual(await given.trialBalance(undefined, tenant));
    }
    expect((await given.trialBalance()).accounts).toMatchObject([
      { account: 'org:s:payable', balance: fen(4_500) },
      { account: 'wallet:0', balance: fen(-1_500) },
      { account: 'wallet:1', balance: fen(-1_500) },
      { account: 'wallet:2', balance: fen(-1_500) },
    ]);
  });

  it.each([
    ['an account', { account: 'no account' }, 'INVALID_ACCOUNT'],
    ['a cursor', { account: 'wallet:a', page: { first: 1, after: 'x' } }, 'INVALID_CURSOR'],
    ['a period', { account: 'wallet:a', from: instantAt(5), to: instantAt(4) }, 'INVALID_PERIOD'],
  ])('refuses %s that is none', async (_, of, code) => {
    await expect(given.accountStatement({ page, ...of })).rejects.toMatchObject({ code });
    await expect(given.accountBalances({ prefix: "' or 1=1 --", page })).rejects.toMatchObject({
      code: 'INVALID_ACCOUNT',
    });
  });
});
