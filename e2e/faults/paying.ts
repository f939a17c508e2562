/** The ways of paying, with what goes wrong in life: two at one bill, pressing twice, in part, too much, by quote. */
import type { Attempt } from './acts.js';
import type { Dice } from './dice.js';
import { fenOf, yuan } from './money.js';
import type { Bill, Purse } from './school.js';

export interface PayWays {
  readonly dice: Dice;
  readonly purses: readonly Purse[];
  readonly clerk: string;
  readonly nextKey: () => string;
  /** Taken from. */
  readonly supply: Bill[];
  readonly subWallets: readonly { readonly purse: Purse; readonly id: string }[];
}

interface Asked {
  readonly bill: Bill;
  /** Absent: all of it. */
  readonly fen?: bigint;
}

export function payments(ways: PayWays): readonly Attempt[] {
  const { dice, supply } = ways;
  const [bill] = supply.splice(-1);
  if (!bill) return [];
  const all = [{ bill }];
  const more = (count: number): readonly Asked[] => [
    ...all,
    ...supply.splice(-count).map((one) => ({ bill: one })),
  ];
  const kind = dice.below(100);
  if (kind < 10) return [wallet(ways, all), wallet(ways, all)];
  if (kind < 15) return twice(wallet(ways, all));
  if (kind < 19) return [wallet(ways, more(2))];
  if (kind < 26) return [cash(ways, all)];
  if (kind < 44) return [operator(ways, all)];
  if (kind < 48) return [operator(ways, more(2))];
  if (kind < 51) return twice(operator(ways, all));
  if (kind < 54) return [operator(ways, all), wallet(ways, all)];
  if (kind < 62) return inPart(ways, bill);
  if (kind < 67) return [cash(ways, [{ bill, fen: fenOf(bill.amount) + BigInt(1 + dice.below(200)) }])];
  if (kind < 74) return [quote(ways, bill)];
  if (kind < 78) return [atTheCounter(ways, all, 'cheque')];
  if (kind < 82) return [atTheCounter(ways, all, 'pos')];
  if (kind < 88) return [fromSubWallet(ways, all)];
  if (kind < 92) return [byCode(ways, all)];
  return [wallet(ways, all)];
}

function twice(attempt: Attempt): readonly Attempt[] {
  return [attempt, attempt];
}

/** Two parts of one bill at once, by different ways. */
function inPart(ways: PayWays, bill: Bill): readonly Attempt[] {
  const fen = fenOf(bill.amount);
  if (fen < 2n) return [wallet(ways, [{ bill }])];
  const part = 1n + BigInt(ways.dice.below(Number(fen) - 1));
  return [wallet(ways, [{ bill, fen: part }]), operator(ways, [{ bill, fen: fen - part }])];
}

function wallet(ways: PayWays, asked: readonly Asked[]): Attempt {
  const purse = purseOf(ways);
  return attempt(ways, asked, { token: purse.token, method: { wallet: { walletId: purse.walletId } } });
}

function fromSubWallet(ways: PayWays, asked: readonly Asked[]): Attempt {
  const found = ways.subWallets[ways.dice.below(ways.subWallets.length + 1)];
  if (!found) return wallet(ways, asked);
  const { purse, id } = found;
  return attempt(ways, asked, {
    token: purse.token,
    method: { wallet: { walletId: purse.walletId, subWalletId: id } },
  });
}

function operator(ways: PayWays, asked: readonly Asked[]): Attempt {
  const poor = ways.dice.below(20) === 0;
  const method = { operator: { payerToken: poor ? 'poor-0001' : 'payer-0001' } };
  return attempt(ways, asked, { token: purseOf(ways).token, method });
}

function cash(ways: PayWays, asked: readonly Asked[]): Attempt {
  return attempt(ways, asked, {
    token: ways.clerk,
    method: { cash: { tendered: yuan(totalOf(asked) + 100n) } },
  });
}

function atTheCounter(ways: PayWays, asked: readonly Asked[], channel: 'cheque' | 'pos'): Attempt {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const method =
    channel === 'cheque'
      ? { cheque: { number: '00012345', bank: '示范银行', date: today } }
      : { pos: { terminalId: 'POS1', approvalCode: '123456' } };
  const charge = channel === 'pos' ? chargeOf(totalOf(asked)) : 0n;
  return attempt(ways, asked, { token: ways.clerk, method, charge });
}

/** The price of a card terminal: 6 in 1,000, rounded down. The harness's own reading of the price list. */
function chargeOf(fen: bigint): bigint {
  return (fen * 6n) / 1_000n;
}

function quote({ nextKey, ...ways }: PayWays, bill: Bill): Attempt {
  const input = { idempotencyKey: nextKey(), bills: [{ billId: bill.id }], channel: 'OPERATOR' };
  return { act: 'quotePayment', token: purseOf({ nextKey, ...ways }).token, input };
}

/** The payer shows a code, the clerk scans it. */
function byCode(ways: PayWays, asked: readonly Asked[]): Attempt {
  const { token, walletId } = purseOf(ways);
  const { input } = wallet(ways, asked);
  const { idempotencyKey, bills, expectedTotal } = input;
  return {
    act: 'showPayerCode',
    token,
    input: { walletId },
    toPay: { idempotencyKey, bills, expectedTotal },
  };
}

/** What follows the answer to a quote. */
export function payAsQuoted(
  { token, input }: Attempt,
  quoteId: string,
  total: { readonly amount: string },
): Attempt {
  const method = { operator: { payerToken: 'payer-0001' } };
  const idempotencyKey = `${String(input['idempotencyKey'])}-pay`;
  return {
    act: 'payBills',
    token,
    input: { idempotencyKey, bills: input['bills'], expectedTotal: total, method, quoteId },
  };
}

function purseOf({ dice, purses }: PayWays): Purse {
  const purse = purses[dice.below(purses.length)];
  if (!purse) throw new Error('There are no wallets.');
  return purse;
}

function totalOf(asked: readonly Asked[]): bigint {
  return asked.reduce((sum, { bill, fen }) => sum + (fen ?? fenOf(bill.amount)), 0n);
}

function attempt(
  { nextKey }: PayWays,
  asked: readonly Asked[],
  {
    token,
    method,
    charge = 0n,
  }: { readonly token: string; readonly method: unknown; readonly charge?: bigint },
): Attempt {
  const bills = asked.map(({ bill, fen }) => ({
    billId: bill.id,
    ...(fen !== undefined && { amount: yuan(fen) }),
  }));
  const expectedTotal = yuan(totalOf(asked) + charge);
  return { act: 'payBills', token, input: { idempotencyKey: nextKey(), bills, expectedTotal, method } };
}
