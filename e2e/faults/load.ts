import type { GraphqlClient } from './graphql.js';
import { Unanswered } from './graphql.js';
import type { Dice } from './dice.js';
import type { Bill, Purse } from './school.js';

/** What the product says yes to, at the moment it says so. */
export interface Acknowledged {
  readonly paymentId: string;
  /** `"12.05"` */
  readonly total: string;
  readonly receipts: readonly string[];
}

/** A payment as it was asked for: repeated word for word when no answer came. */
export interface Attempt {
  readonly token: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface LoadParts {
  readonly client: GraphqlClient;
  readonly purses: readonly Purse[];
  readonly clerk: string;
  readonly dice: Dice;
  /** Unique over the whole run. */
  readonly nextKey: () => string;
  /** Taken from; the load ends when it is empty. */
  readonly supply: Bill[];
  /** Called as soon as the answer has arrived, before anything else. */
  readonly acknowledged: (payment: Acknowledged) => void;
}

export interface LoadResult {
  readonly asked: number;
  readonly refused: number;
  /** No answer came: it is not known whether they took effect. */
  readonly unanswered: readonly Attempt[];
}

/** Requests under way at once. */
const IN_FLIGHT = 64;

/**
 * Refusals that the run itself brings about: by paying one bill twice, and by the kills (a payment that had not come to its
 * capture is given up, and says so to whoever asks again).
 */
const EXPECTED_REFUSALS = new Set([
  'BILL_ALREADY_PAID',
  'BILL_RESERVED',
  'AMOUNT_EXCEEDS_OUTSTANDING',
  'AMOUNT_MISMATCH',
  'PAYMENT_INTERRUPTED',
]);

const PAY = `mutation($input: PayBillsInput!) { payBills(input: $input) {
  __typename
  ... on Payment { id status total { amount } receipts { number } failure { code message } }
  ... on Rejection { code message }
} }`;

interface PayAnswer {
  readonly payBills: {
    readonly __typename: string;
    readonly id?: string;
    readonly status?: string;
    readonly total?: { readonly amount: string };
    readonly receipts?: readonly { readonly number: string }[];
    readonly failure?: { readonly code: string } | null;
    readonly code?: string;
    readonly message?: string;
  };
}

/** @returns whether it was captured @throws Unanswered, Unexpected, Error for a refusal that nothing explains */
export async function pay(
  parts: Pick<LoadParts, 'client' | 'acknowledged'>,
  { token, input }: Attempt,
): Promise<boolean> {
  const { payBills: answer } = await parts.client.ask<PayAnswer>(token, PAY, { input });
  if (answer.__typename === 'Payment' && answer.status === 'CAPTURED') {
    const receipts = (answer.receipts ?? []).map(({ number }) => number);
    parts.acknowledged({ paymentId: answer.id ?? '', total: answer.total?.amount ?? '', receipts });
    return true;
  }
  const code = answer.code ?? answer.failure?.code ?? `${answer.__typename} ${answer.status}`;
  if (!EXPECTED_REFUSALS.has(code)) throw new Error(`payBills answered ${JSON.stringify(answer)}`);
  return false;
}

/** Pays as fast as 64 in flight allow, until `stopped` or the bills run out. */
export async function payUntil(parts: LoadParts, stopped: () => boolean): Promise<LoadResult> {
  const unanswered: Attempt[] = [];
  let asked = 0;
  let refused = 0;
  const tryOne = async (attempt: Attempt): Promise<void> => {
    asked += 1;
    try {
      if (!(await pay(parts, attempt))) refused += 1;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      unanswered.push(attempt);
    }
  };
  const lane = async (): Promise<void> => {
    while (!stopped() && parts.supply.length > 0) await Promise.all(nextAttempts(parts).map(tryOne));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return { asked, refused, unanswered };
}

/** Mostly one payer and one bill; sometimes what goes wrong in life. */
function nextAttempts(parts: LoadParts): readonly Attempt[] {
  const { dice, supply } = parts;
  const [bill] = supply.splice(-1);
  if (!bill) return [];
  const kind = dice.below(100);
  if (kind < 10) {
    // Two payers at the same bill, at once.
    return [fromWallet(parts, [bill]), fromWallet(parts, [bill])];
  }
  if (kind < 15) {
    // One payer presses twice.
    const attempt = fromWallet(parts, [bill]);
    return [attempt, attempt];
  }
  if (kind < 20) return [fromWallet(parts, [bill, ...supply.splice(-2)])];
  if (kind < 30) return [inCash(parts, bill)];
  return [fromWallet(parts, [bill])];
}

function fromWallet({ dice, purses, nextKey }: LoadParts, bills: readonly Bill[]): Attempt {
  const purse = purses[dice.below(purses.length)];
  if (!purse) throw new Error('There are no wallets.');
  return { token: purse.token, input: inputOf(nextKey(), bills, { wallet: { walletId: purse.walletId } }) };
}

function inCash({ clerk, nextKey }: LoadParts, bill: Bill): Attempt {
  return { token: clerk, input: inputOf(nextKey(), [bill], { cash: { tendered: { amount: '100.00' } } }) };
}

function inputOf(idempotencyKey: string, bills: readonly Bill[], method: unknown): Attempt['input'] {
  const totalFen = bills.reduce((sum, { amount }) => sum + fenOf(amount), 0n);
  return {
    idempotencyKey,
    bills: bills.map(({ id }) => ({ billId: id })),
    expectedTotal: { amount: `${totalFen / 100n}.${String(totalFen % 100n).padStart(2, '0')}` },
    method,
  };
}

/** `"12.05"` → 1205; the harness's own reading, as a check on the product's. */
export function fenOf(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d{2})$/.exec(amount);
  if (!match) throw new Error(`"${amount}" is not an amount of CNY.`);
  return BigInt(`${match[1]}${match[2]}${match[3]}`);
}
