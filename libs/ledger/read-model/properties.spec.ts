import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import { AsOfNotProjected, type AccountStatementView } from '#libs/ledger/contract/index.js';
import { instantAt, LedgerWorld, type Move } from '#libs/testing/ledger-world.js';
import { SETTLING_MS } from './recorded-time.js';

/** What was recorded, in the order of the log. */
interface Fact {
  readonly recordedMs: number;
  readonly moves: readonly Move[];
}

type Step =
  | { readonly kind: 'move'; readonly moves: readonly Move[]; readonly afterMs: number }
  | { readonly kind: 'restart' | 'rebuild' | 'other tenant' };

const account = fc.constantFrom('world:topup', 'wallet:a', 'wallet:b', 'hold:p1', 'hold:p2', 'org:s:payable');
const move = fc
  .tuple(account, account, fc.bigInt({ min: 1n, max: 5n }))
  .filter(([source, destination]) => source !== destination);
const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('move' as const),
        moves: fc.array(move, { maxLength: 3 }),
        // Many at the same moment, and now and then the clock is set back.
        afterMs: fc.oneof(
          { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 }) },
          { weight: 1, arbitrary: fc.integer({ min: -4, max: -1 }) },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'rebuild', 'other tenant') }) },
  ),
  { minLength: 1, maxLength: 16 },
) as fc.Arbitrary<readonly Step[]>;

/** The reference: everything before the first fact recorded later. */
function prefixBy(facts: readonly Fact[], asOfMs: number): readonly Fact[] {
  const end = facts.findIndex(({ recordedMs }) => recordedMs > asOfMs);
  return end < 0 ? facts : facts.slice(0, end);
}

function fold(facts: readonly Fact[]): Record<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const [source, destination, fen] of facts.flatMap(({ moves }) => moves)) {
    balances.set(source, (balances.get(source) ?? 0n) - fen);
    balances.set(destination, (balances.get(destination) ?? 0n) + fen);
  }
  const kept = [...balances].filter(([name, balance]) => balance !== 0n || !name.startsWith('hold:'));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whole pages, the smallest there are. */
async function wholeStatement(
  given: LedgerWorld,
  of: { readonly account: string; readonly from?: Instant; readonly to?: Instant },
): Promise<Pick<AccountStatementView, 'opening' | 'closing'> & { lines: [bigint, bigint][] }> {
  const lines: [bigint, bigint][] = [];
  let after: string | undefined;
  for (;;) {
    const page = { first: 2, ...(after === undefined ? {} : { after }) };
    const statement = (await given.accountStatement({ ...of, page }))!;
    lines.push(
      ...statement.lines.items.map(
        ({ item }) => [item.amount.amount, item.balance.amount] as [bigint, bigint],
      ),
    );
    after = statement.lines.items.at(-1)?.cursor;
    if (!statement.lines.hasNextPage)
      return { opening: statement.opening, closing: statement.closing, lines };
  }
}

/** What the account saw of the facts: amount and running balance. */
function linesOf(facts: readonly Fact[], name: string, opening: bigint): [bigint, bigint][] {
  let balance = opening;
  const lines: [bigint, bigint][] = [];
  for (const [source, destination, fen] of facts.flatMap(({ moves }) => moves)) {
    const amount = destination === name ? fen : source === name ? -fen : 0n;
    if (amount !== 0n) lines.push([amount, (balance += amount)]);
  }
  return lines;
}

let given: LedgerWorld;
const facts: Fact[] = [];
beforeEach(async () => {
  given = new LedgerWorld();
  facts.length = 0;
  await given.start();
});
afterEach(() => given.close());

async function take(step: Step): Promise<void> {
  switch (step.kind) {
    case 'move':
      given.wait(step.afterMs);
      await given.record(step.moves);
      facts.push({ recordedMs: epochMsOf(given.now), moves: step.moves });
      break;
    case 'restart':
      return given.start();
    case 'rebuild':
      return given.rebuild();
    case 'other tenant':
      await given.record([['world:topup', 'wallet:a', 77n]], { tenant: 'tenant-2' });
      facts.push({ recordedMs: epochMsOf(given.now), moves: [] });
  }
  await given.caughtUp();
}

async function balancesBy(asOf?: Instant): Promise<Record<string, bigint> | 'refused'> {
  try {
    const { accounts, sum } = await given.trialBalance(asOf);
    expect(sum.amount).toBe(0n);
    return Object.fromEntries(accounts.map((each) => [each.account, each.balance.amount]));
  } catch (fault) {
    if (fault instanceof AsOfNotProjected) return 'refused';
    throw fault;
  }
}

/** Every moment of the run, and one on each side. */
function moments(): readonly number[] {
  const all = facts.map(({ recordedMs }) => recordedMs);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return Array.from({ length: most - least + 3 }, (_, index) => least - 1 + index);
}

async function eachRun(check: () => Promise<void>, afterStep: () => Promise<void> = async () => {}) {
  await fc.assert(
    fc
      .asyncProperty(steps, async (taken) => {
        for (const step of taken) {
          await take(step);
          await afterStep();
        }
        if (facts.length > 0) await check();
      })
      .beforeEach(async () => {
        await given.close();
        given = new LedgerWorld();
        facts.length = 0;
        await given.start();
      }),
    { numRuns: 15, seed: 3 },
  );
}

describe('the ledger, whatever is recorded, set back, restarted and rebuilt', () => {
  it('sums to zero and equals the fold, after every event', async () => {
    const check = async () => expect(await balancesBy()).toEqual(fold(facts));
    await eachRun(check, check);
  });

  it('answers for every moment with the fold of what had been recorded by then, and the same ever after', async () => {
    const answered = new Map<number, unknown>();
    const lookBack = async () => {
      // A new run begins.
      if (facts.length <= 1) answered.clear();
      for (const asOfMs of facts.length === 0 ? [] : moments()) {
        const answer = await balancesBy(instantAt(asOfMs));
        const isPast = facts.some(({ recordedMs }) => recordedMs > asOfMs);
        expect([asOfMs, answer]).toEqual([asOfMs, isPast ? fold(prefixBy(facts, asOfMs)) : 'refused']);
        if (answered.has(asOfMs)) expect(answer).toEqual(answered.get(asOfMs));
        if (isPast) answered.set(asOfMs, answer);
      }
    };
    await eachRun(async () => {
      const last = Math.max(...facts.map(({ recordedMs }) => recordedMs));
      given.now = instantAt(last + SETTLING_MS);
      expect(await balancesBy(instantAt(last))).toEqual(fold(facts));
    }, lookBack);
  });

  it('gives statements whose balances run from the opening to the closing, each the next one’s opening', async () => {
    await eachRun(async () => {
      const last = Math.max(...facts.map(({ recordedMs }) => recordedMs));
      given.now = instantAt(last + SETTLING_MS);
      const cuts = moments().filter((_, index, { length }) => index % 3 === 0 || index === length - 2);
      for (const name of ['wallet:a', 'org:s:payable'].filter(
        (each) => linesOf(facts, each, 0n).length > 0,
      )) {
        for (const [index, fromMs] of cuts.entries()) {
          const toMs = cuts[index + 1] ?? last;
          if (toMs < fromMs || toMs > last || fromMs > last) continue;
          const [before, by] = [prefixBy(facts, fromMs), prefixBy(facts, toMs)];
          const opening = fold(before)[name] ?? 0n;
          const statement = await wholeStatement(given, {
            account: name,
            from: instantAt(fromMs),
            to: instantAt(toMs),
          });
          expect([statement.opening.amount, statement.closing.amount, statement.lines]).toEqual([
            opening,
            fold(by)[name] ?? 0n,
            linesOf(by.slice(before.length), name, opening),
          ]);
        }
        const whole = await wholeStatement(given, { account: name });
        expect(whole.lines).toEqual(linesOf(facts, name, 0n));
        expect(whole.closing.amount).toBe(whole.lines.at(-1)?.[1] ?? 0n);
      }
    });
  });

  it('lists balances by page, now and then, as the trial balance has them', async () => {
    await eachRun(async () => {
      const asOf = instantAt(facts[facts.length >> 1]!.recordedMs);
      given.wait(SETTLING_MS + 100);
      for (const [moment, all] of [
        [undefined, fold(facts)],
        [asOf, fold(prefixBy(facts, epochMsOf(asOf)))],
      ] as const) {
        const found: [string, bigint][] = [];
        for (let after: string | undefined; ;) {
          const page = { first: 2, ...(after === undefined ? {} : { after }) };
          const { items, hasNextPage } = await given.accountBalances({
            prefix: 'wallet:',
            page,
            ...(moment === undefined ? {} : { asOf: moment }),
          });
          found.push(...items.map(({ item }) => [item.account, item.balance.amount] as [string, bigint]));
          after = items.at(-1)?.cursor;
          if (!hasNextPage) break;
        }
        expect(found).toEqual(Object.entries(all).filter(([name]) => name.startsWith('wallet:')));
      }
    });
  });
});
