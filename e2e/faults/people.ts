/** What people do next, by dice. What they can do it with (payments to refund, refunds to confirm) grows as answers arrive. */
import type { Answer, Attempt } from './acts.js';
import { type LiveContract, onContracts } from './contract-people.js';
import type { Dice } from './dice.js';
import { fenOf, yuan } from './money.js';
import { payments, type PayWays } from './paying.js';
import type { Bill, Purse, Tokens } from './school.js';

/** Kept of each kind; the oldest are forgotten. */
const MOST = 400;

/** Things that an answer has made possible. */
export interface Chances {
  /** Captured payments that nobody has asked to give back. */
  readonly captured: { readonly id: string; readonly channel: string; readonly receiptId: string }[];
  readonly approvals: string[];
  readonly byHand: string[];
  readonly subWallets: { readonly purse: Purse; readonly id: string }[];
  readonly contracts: LiveContract[];
  readonly collections: { readonly content: string; readonly fen: bigint; readonly purse: Purse }[];
}

export function noChances(): Chances {
  return { captured: [], approvals: [], byHand: [], subWallets: [], contracts: [], collections: [] };
}

export interface Street {
  readonly dice: Dice;
  readonly purses: readonly Purse[];
  readonly tokens: Tokens;
  readonly nextKey: () => string;
  /** Taken from. */
  readonly supply: Bill[];
  readonly chances: Chances;
}

/** Of all that people do. */
const CONTRACTS_PERCENT = 30;
const TAIL_TOP_UP_FEN = 100n;

/** One act, or a few at once. Empty: nothing to do it with. */
export function nextAttempts(street: Street): readonly Attempt[] {
  const { dice, chances, purses, tokens, nextKey } = street;
  if (dice.below(100) < CONTRACTS_PERCENT)
    return onContracts({ dice, purses, tokens, nextKey, contracts: chances.contracts });
  const kind = dice.below(100);
  if (kind < 62) return payments(waysOf(street));
  if (kind < 72) return giveBack(street, chances.captured.splice(dice.below(chances.captured.length + 1), 1));
  if (kind < 78) return decide(street);
  if (kind < 82) return confirm(street);
  if (kind < 90) return transfer(street);
  if (kind < 95) return collect(street);
  return subWallet(street);
}

function waysOf({ dice, purses, tokens, nextKey, supply, chances }: Street): PayWays {
  return { dice, purses, clerk: tokens.clerk, nextKey, supply, subWallets: chances.subWallets };
}

function giveBack(
  { dice, tokens, nextKey }: Street,
  [payment]: Street['chances']['captured'],
): readonly Attempt[] {
  if (!payment) return [];
  const { id, receiptId, channel } = payment;
  const key = { idempotencyKey: nextKey(), reason: '退费' };
  const token = tokens.bursar;
  const kind = dice.below(10);
  if (channel === 'CHEQUE' && kind < 4)
    return [{ act: 'dishonourCheque', token, input: { ...key, paymentId: id } }];
  if (kind < 3) return [{ act: 'cancelReceipt', token, input: { ...key, receiptId } }];
  const whole: Attempt = { act: 'requestRefund', token, input: { ...key, paymentId: id } };
  if (kind > 3) return [whole];
  // Two at one payment: together they may not take more than was paid.
  return [
    whole,
    { act: 'requestRefund', token: tokens.clerk, input: { ...whole.input, idempotencyKey: nextKey() } },
  ];
}

/** The supervisor agrees, mostly. */
function decide({ dice, tokens, chances }: Street): readonly Attempt[] {
  const approvalId = chances.approvals.shift();
  if (approvalId === undefined) return [];
  const grant = dice.below(8) > 0;
  return [{ act: 'decideApproval', token: tokens.supervisor, input: { approvalId, grant } }];
}

function confirm({ tokens, chances, nextKey }: Street): readonly Attempt[] {
  const refundId = chances.byHand.shift();
  if (refundId === undefined) return [];
  return [
    {
      act: 'confirmRefund',
      token: tokens.clerk,
      input: { idempotencyKey: nextKey(), refundId, reference: 'R1' },
    },
  ];
}

function transfer({ dice, purses, nextKey }: Street): readonly Attempt[] {
  const purse = purses[dice.below(purses.length)]!;
  const act = dice.below(2) === 0 ? 'topUpFromBank' : 'withdrawFromWallet';
  const fen = BigInt(dice.below(20)) * TAIL_TOP_UP_FEN + BigInt(1 + dice.below(30));
  const input = { idempotencyKey: nextKey(), walletId: purse.walletId, amount: yuan(fen) };
  return [{ act, token: purse.token, input: { ...input, bankAccount: 'account-0001' } }];
}

function collect({ dice, purses, nextKey, chances }: Street): readonly Attempt[] {
  const asked = chances.collections.shift();
  const purse = purses[dice.below(purses.length)]!;
  if (!asked) {
    const input = {
      idempotencyKey: nextKey(),
      walletId: purse.walletId,
      amount: yuan(BigInt(1 + dice.below(300))),
    };
    return [{ act: 'requestCollection', token: purse.token, input }];
  }
  // Two scan one code.
  return [purse, purses[dice.below(purses.length)]!]
    .filter(({ token }) => token !== asked.purse.token)
    .map(({ token, walletId }): Attempt => {
      const said = { content: asked.content, expectedAmount: yuan(asked.fen) };
      return { act: 'confirmCollection', token, input: { idempotencyKey: nextKey(), walletId, ...said } };
    });
}

function subWallet({ dice, purses, tokens, nextKey, chances }: Street): readonly Attempt[] {
  const known = chances.subWallets[dice.below(chances.subWallets.length + 1)];
  const limits = { single: yuan(BigInt(100 + dice.below(300))), day: yuan(BigInt(400 + dice.below(900))) };
  if (!known) {
    const purse = purses[dice.below(purses.length)]!;
    const input = {
      idempotencyKey: nextKey(),
      walletId: purse.walletId,
      organisationId: tokens.schoolId,
      ...limits,
    };
    return [{ act: 'pushSubWallet', token: purse.token, input }];
  }
  const { purse, id } = known;
  const input = { idempotencyKey: nextKey(), walletId: purse.walletId, subWalletId: id };
  if (dice.below(3) > 0)
    return [{ act: 'relimitSubWallet', token: purse.token, input: { ...input, ...limits } }];
  chances.subWallets.splice(chances.subWallets.indexOf(known), 1);
  return [{ act: 'closeSubWallet', token: purse.token, input }];
}

const BY_HAND = new Set(['CASH', 'CHEQUE', 'POS']);

/** Remembers what the answer makes possible. */
export function heard({ act, token, input }: Attempt, answer: Answer, { chances, purses }: Street): void {
  const { __typename, id = '', status, channel = '', receipts = [], approvalId } = answer;
  const purse = purses.find(({ walletId }) => walletId === input['walletId']);
  // What funds a contract comes back as the contract says.
  if (__typename === 'Payment' && status === 'CAPTURED' && act !== 'fundContract') {
    remember(chances.captured, { id, channel, receiptId: receipts[0]?.id ?? '' });
  }
  if (__typename === 'Refund') {
    if (status === 'REQUESTED' && approvalId) remember(chances.approvals, approvalId);
    if (status === 'SENT' && BY_HAND.has(channel)) remember(chances.byHand, id);
  }
  if (act === 'pushSubWallet' && purse) remember(chances.subWallets, { purse, id });
  if (act === 'requestCollection' && purse && purse.token === token) {
    const { amount } = input['amount'] as { readonly amount: string };
    remember(chances.collections, { content: answer.content ?? '', fen: fenOf(amount), purse });
  }
}

function remember<Thing>(list: Thing[], thing: Thing): void {
  list.push(thing);
  if (list.length > MOST) list.shift();
}
