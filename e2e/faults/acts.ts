/** Everything that people ask of the product in a run, and which answers the run itself brings about. */
import { CONTRACT_ACTS, type ContractAnswer, factOf, FUNDING_REFUSALS, shownAs } from './contract-acts.js';
import { type GraphqlClient } from './graphql.js';
import { fenOf } from './money.js';

/** As it was asked for: repeated word for word when no answer came. */
export interface Attempt {
  readonly act: ActName;
  readonly token: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Of a code that is shown: what it is shown for. */
  readonly toPay?: Readonly<Record<string, unknown>>;
  /** What follows a yes. */
  readonly follow?: (answer: Answer) => Attempt | undefined;
}

export interface Answer extends ContractAnswer {
  readonly __typename: string;
  readonly id?: string;
  readonly status?: string;
  readonly channel?: string;
  readonly code?: string;
  readonly approvalId?: string | null;
  readonly content?: string;
  readonly digits?: string;
  readonly total?: { readonly amount: string };
  readonly amount?: { readonly amount: string };
  readonly receipts?: readonly { readonly id: string; readonly number: string }[];
  readonly failure?: { readonly code: string } | null;
  readonly lines?: readonly { readonly billId: string }[];
}

interface Act {
  readonly success: string;
  readonly fields: string;
  /** Refusals that the run itself brings about: two at one thing, kills, limits, institutions that decline. */
  readonly expected: readonly string[];
}

const PAYMENT = 'id status channel total { amount } receipts { id number } failure { code message }';
const REFUND = 'id status channel amount { amount } approvalId';
const TRANSFER = 'id status amount { amount } failure { code message }';

const PAY_REFUSALS = [
  'BILL_ALREADY_PAID',
  'BILL_RESERVED',
  'BILL_CANCELLED',
  'AMOUNT_EXCEEDS_OUTSTANDING',
  'AMOUNT_MISMATCH',
  'PARTIAL_NOT_ALLOWED',
  'PAYMENT_INTERRUPTED',
  'QUOTE_STALE',
  'CHANNEL_DECLINED',
  'PAYMENT_EXPIRED',
  'INSUFFICIENT_FUNDS',
  'LIMIT_EXCEEDED',
  'SUB_WALLET_CLOSED',
];
const TRANSFER_REFUSALS = ['CHANNEL_DECLINED', 'INSUFFICIENT_FUNDS', 'LIMIT_EXCEEDED'];

const ACTS = {
  ...CONTRACT_ACTS,
  fundContract: { success: 'Payment', fields: PAYMENT, expected: [...PAY_REFUSALS, ...FUNDING_REFUSALS] },
  payBills: { success: 'Payment', fields: PAYMENT, expected: PAY_REFUSALS },
  chargePayerCode: {
    success: 'Payment',
    fields: PAYMENT,
    expected: [...PAY_REFUSALS, 'QR_EXPIRED', 'QR_USED', 'QR_UNREADABLE'],
  },
  showPayerCode: { success: 'PayerCode', fields: 'digits', expected: [] },
  quotePayment: {
    success: 'PaymentQuote',
    fields: 'id total { amount }',
    expected: ['BILL_ALREADY_PAID', 'AMOUNT_EXCEEDS_OUTSTANDING'],
  },
  requestRefund: {
    success: 'Refund',
    fields: REFUND,
    expected: ['REFUND_EXCEEDS_PAYMENT', 'PAYMENT_NOT_CAPTURED', 'INVALID_AMOUNT'],
  },
  cancelReceipt: {
    success: 'Refund',
    fields: REFUND,
    expected: ['RECEIPT_CANCELLED', 'PAYMENT_REFUNDED', 'PAYMENT_OVERPAID', 'RECEIPT_NOT_FOUND'],
  },
  dishonourCheque: {
    success: 'Refund',
    fields: REFUND,
    expected: ['RECEIPT_CANCELLED', 'PAYMENT_REFUNDED', 'PAYMENT_OVERPAID', 'PAYMENT_NOT_FOUND'],
  },
  confirmRefund: { success: 'Refund', fields: REFUND, expected: ['REFUND_ENDED', 'REFUND_NOT_APPROVED'] },
  decideApproval: { success: 'Approval', fields: 'id', expected: ['APPROVAL_CLOSED', 'APPROVAL_STALE'] },
  topUpFromBank: { success: 'Transfer', fields: TRANSFER, expected: TRANSFER_REFUSALS },
  withdrawFromWallet: { success: 'Transfer', fields: TRANSFER, expected: TRANSFER_REFUSALS },
  requestCollection: { success: 'Collection', fields: 'id content', expected: [] },
  confirmCollection: {
    success: 'Transfer',
    fields: TRANSFER,
    expected: [...TRANSFER_REFUSALS, 'COLLECTION_TAKEN', 'COLLECTION_EXPIRED', 'OWN_COLLECTION'],
  },
  pushSubWallet: { success: 'SubWallet', fields: 'id', expected: ['TOO_MANY_SUB_WALLETS'] },
  relimitSubWallet: { success: 'SubWallet', fields: 'id', expected: ['SUB_WALLET_CLOSED'] },
  closeSubWallet: { success: 'SubWalletTakenBack', fields: '__typename', expected: ['SUB_WALLET_NOT_FOUND'] },
} as const satisfies Readonly<Record<string, Act>>;

export type ActName = keyof typeof ACTS;

/** Something that the product said yes to, at the moment it said so. */
export type Acknowledge = (line: Readonly<Record<string, unknown>>) => void;

/**
 * @returns the answer, or undefined for a refusal that the run explains
 * @throws Unanswered, Unexpected, Error for a refusal that nothing explains
 */
export async function perform(
  client: GraphqlClient,
  { act, token, input }: Attempt,
  acknowledge: Acknowledge,
): Promise<Answer | undefined> {
  const { success, fields, expected }: Act = ACTS[act];
  const type = `${act.charAt(0).toUpperCase()}${act.slice(1)}Input`;
  const selection = `__typename ... on ${success} { ${fields} } ... on Rejection { code message }`;
  const query = `mutation($input: ${type}!) { ${act}(input: $input) { ${selection} } }`;
  const data = await client.ask<Record<string, Answer>>(token, query, { input });
  const answer = data[act];
  if (!answer) throw new Error(`${act} answered nothing.`);
  if (answer.__typename === success) {
    acknowledgeAs(answer, acknowledge);
    if (answer.number !== undefined)
      acknowledge({
        kind: 'contract',
        contractId: answer.number,
        fact: factOf(act, input),
        ...shownAs(answer),
      });
    const failed = answer.status === 'FAILED' ? answer.failure?.code : undefined;
    if (failed === undefined) return answer;
    if (expected.includes(failed)) return undefined;
  } else if (answer.code !== undefined && expected.includes(answer.code)) {
    // The very same evidence is in the log, it says.
    if (answer.code === 'DUPLICATE')
      acknowledge({ kind: 'contract', contractId: '', fact: factOf(act, input) });
    return undefined;
  }
  throw new Error(`${act} of ${JSON.stringify(input)} answered ${JSON.stringify(answer)}`);
}

function acknowledgeAs(answer: Answer, acknowledge: Acknowledge): void {
  const { __typename, id = '', status = '', receipts = [] } = answer;
  const fen = (money: { readonly amount: string } | undefined): string => String(fenOf(money?.amount ?? ''));
  const money = (text: { readonly amount: string } | undefined) => ({ asset: 'CNY/2', amount: fen(text) });
  if (__typename === 'Payment') {
    const line = { paymentId: localId(id), ...money(answer.total) };
    if (status === 'CAPTURED') acknowledge({ ...line, receipts: receipts.map(({ number }) => number) });
    else acknowledge({ kind: 'payment', ...line });
  }
  if (__typename === 'Refund')
    acknowledge({ kind: 'refund', refundId: localId(id), status, ...money(answer.amount) });
  if (__typename === 'Transfer')
    acknowledge({ kind: 'transfer', transferId: localId(id), status, ...money(answer.amount) });
}

/** The id inside of a global one, `base64url("p:<id>")`: the log knows nothing of global ids. */
export function localId(globalId: string): string {
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
