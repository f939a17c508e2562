import { type Person, settled } from '../person.js';
import { NotAsItShouldBe, holds } from './holds.js';
import type { Money } from './money.js';

/** Of the run. */
export interface Keys {
  key(): string;
}

export interface Receipt {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly total: Money;
  readonly verificationCode: string;
  readonly pdfUrl: string;
  readonly slipUrl: string;
}

export interface Payment {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly channel: string;
  readonly total: Money;
  readonly charge: Money | null;
  readonly change: Money | null;
  readonly reference: string | null;
  readonly remittanceCode: string | null;
  readonly bills: readonly {
    readonly billId: string;
    readonly amount: Money;
    readonly lateFee: Money | null;
    readonly advance: Money | null;
  }[];
  readonly receipts: readonly Receipt[];
  readonly failure: { readonly code: string } | null;
}

export interface Refund {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly amount: Money;
  readonly approvalNeeded: boolean;
  readonly approvalId: string | null;
  readonly checker: string | null;
  readonly reference: string | null;
  readonly cameBack: boolean;
  readonly rejection: { readonly code: string } | null;
}

export interface Wallet {
  readonly __typename: string;
  readonly id: string;
  readonly tier: string;
  readonly frozen: boolean;
  readonly balance: Money;
  readonly held: Money;
  readonly available: Money;
}

const RECEIPT = 'id number status total { amount } verificationCode pdfUrl slipUrl';
const PAYMENT = `__typename id status channel total { amount } charge { amount } change { amount } reference remittanceCode
  bills { billId amount { amount } lateFee { amount } advance { amount } } receipts { ${RECEIPT} } failure { code }`;
export const ON_PAYMENT = `... on Payment { ${PAYMENT} }`;
const REFUND =
  '__typename id kind status amount { amount } approvalNeeded approvalId checker reference cameBack rejection { code }';
export const ON_REFUND = `... on Refund { ${REFUND} }`;
const WALLET = '__typename id tier frozen balance { amount } held { amount } available { amount }';
export const ON_WALLET = `... on Wallet { ${WALLET} }`;

export interface Paying {
  readonly bills: readonly { readonly billId: string; readonly amount?: string }[];
  readonly total: string;
  readonly method: object;
  readonly key?: string;
  readonly quoteId?: string;
}

export function inputOf(story: Keys, { bills, total, method, key, quoteId }: Paying): object {
  return {
    idempotencyKey: key ?? story.key(),
    bills: bills.map(({ billId, amount }) => ({ billId, ...(amount && { amount: { amount } }) })),
    expectedTotal: { amount: total },
    method,
    ...(quoteId && { quoteId }),
  };
}

/** What is answered, whatever it is. `more`: fields of rejections. */
export function pay(story: Keys, who: Person, paying: Paying, more = ''): Promise<Payment> {
  return who.act<Payment>('payBills', inputOf(story, paying), `${ON_PAYMENT} ${more}`);
}

/** One bill, all of `amount`. @throws NotAsItShouldBe unless it is captured */
export async function paid(
  story: Keys,
  who: Person,
  { billId, amount, method }: { readonly billId: string; readonly amount: string; readonly method: object },
): Promise<Payment> {
  const payment = await pay(story, who, { bills: [{ billId, amount }], total: amount, method });
  holds('payment', payment, { __typename: 'Payment', status: 'CAPTURED', total: { amount } });
  return payment;
}

export const byWallet = (walletId: string, subWalletId?: string): object => ({
  wallet: { walletId, ...(subWalletId && { subWalletId }) },
});
export const inCash = (tendered: string): object => ({ cash: { tendered: { amount: tendered } } });
export const byOperator = (payerToken = 'payer-account-1'): object => ({ operator: { payerToken } });
export const byTransfer: object = { transfer: {} };

export async function paymentOf(who: Person, id: string): Promise<Payment> {
  const found = await who.get<Payment | null>(`query P($id: ID!) { payment(id: $id) { ${PAYMENT} } }`, {
    id,
  });
  if (!found) throw new NotAsItShouldBe(`payment ${id} is not there for who should see it`);
  return found;
}

/** Asks until the payment has the status. @throws NotAsItShouldBe with what it is instead */
export async function paymentBecomes(who: Person, id: string, status: string): Promise<Payment> {
  const ask = () => paymentOf(who, id);
  const found = await settled(ask, (one) => one.status === status).catch(ask);
  holds('payment', found, { status });
  return found;
}

export async function refundBecomes(who: Person, id: string, wanted: Partial<Refund>): Promise<Refund> {
  const ask = () => who.get<Refund>(`query R($id: ID!) { refund(id: $id) { ${REFUND} } }`, { id });
  const isSo = (one: Refund): boolean =>
    Object.entries(wanted).every(([name, value]) => one[name as keyof Refund] === value);
  const found = await settled(ask, isSo).catch(ask);
  holds('refund', found, wanted);
  return found;
}

/** A wallet of demo money, with a label of its own. */
export async function openWallet(story: Keys, who: Person, amount: string): Promise<string> {
  const key = story.key();
  const wallet = await who.act<Wallet>('openWallet', { idempotencyKey: key, label: key }, ON_WALLET);
  const filled = await topUp(story, who, wallet.id, amount);
  holds('wallet', filled, { __typename: 'Wallet', available: { amount } });
  return wallet.id;
}

export function topUp(story: Keys, who: Person, walletId: string, amount: string): Promise<Wallet> {
  const input = { idempotencyKey: story.key(), walletId, amount: { amount } };
  return who.act<Wallet>('topUpWallet', input, ON_WALLET);
}

export async function walletOf(who: Person, id: string): Promise<Wallet> {
  const wallets = await who.get<readonly Wallet[]>(`{ wallets { ${WALLET} } }`);
  const found = wallets.find((one) => one.id === id);
  if (!found) throw new NotAsItShouldBe(`wallet ${id} is not among its owner's`);
  return found;
}

/** Waits until the wallet's owner sees the balance, and nothing held. */
export async function walletBecomes(who: Person, id: string, balance: string): Promise<void> {
  const ask = () => walletOf(who, id);
  const isSo = (one: Wallet): boolean => one.balance.amount === balance && one.available.amount === balance;
  const found = await settled(ask, isSo).catch(ask);
  holds('wallet', found, { balance: { amount: balance }, held: { amount: '0.00' } });
}
