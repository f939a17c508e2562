import { type MoneyInput, localId, readMoney } from '#libs/graphql/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type {
  Channel,
  PayBillsInput,
  PaymentFilter,
  PaymentMethod,
  PaymentStatus,
  QuotePayment,
} from '#libs/payments/contract/index.js';

/** `@oneOf`: exactly one is given. */
export interface MethodInput {
  readonly wallet?: { readonly walletId: string; readonly subWalletId?: string | null };
  readonly cash?: { readonly tendered: MoneyInput };
  readonly cheque?: { readonly number: string; readonly bank: string; readonly date: LocalDate };
  readonly pos?: { readonly terminalId: string; readonly approvalCode: string };
  readonly transfer?: object;
  readonly operator?: { readonly payerToken: string };
}

interface BillToPay {
  readonly billId: string;
  readonly amount?: MoneyInput | null;
}

export interface PayInput {
  readonly idempotencyKey: string;
  readonly bills: readonly BillToPay[];
  readonly expectedTotal: MoneyInput;
  readonly method: MethodInput;
  readonly quoteId?: string | null;
}

export interface CancelInput {
  readonly idempotencyKey: string;
  readonly paymentId: string;
}

export interface QuoteInput {
  readonly idempotencyKey: string;
  readonly bills: readonly BillToPay[];
  readonly channel: string;
}

interface PageArgs {
  readonly organisationId: string;
  readonly first: number;
  readonly after?: string | null;
}

export interface PaymentsArgs extends PageArgs {
  readonly filter?: {
    readonly statuses?: readonly PaymentStatus[] | null;
    readonly channels?: readonly string[] | null;
    readonly from?: Instant | null;
    readonly to?: Instant | null;
  } | null;
}

export interface AdvancesArgs extends PageArgs {
  readonly payerNumber?: string | null;
}

export function readMethod(method: MethodInput): PaymentMethod {
  const { wallet, cash, cheque, pos, operator } = method;
  const path = ['input', 'method'];
  if (wallet) {
    const walletId = localId<'wallet'>('Wallet', wallet.walletId, [...path, 'wallet']);
    if (!wallet.subWalletId) return { channel: 'wallet', walletId };
    const subWalletId = localId('SubWallet', wallet.subWalletId, [...path, 'wallet', 'subWalletId']);
    return { channel: 'wallet', walletId, subWalletId };
  }
  if (cash) return { channel: 'cash', tendered: readMoney(cash.tendered, [...path, 'cash']) };
  if (cheque) {
    return {
      channel: 'cheque',
      chequeNumber: cheque.number,
      bank: cheque.bank,
      chequeDate: cheque.date,
    };
  }
  if (pos) return { channel: 'pos', terminalId: pos.terminalId, approvalCode: pos.approvalCode };
  if (operator) return { channel: 'operator', payerToken: operator.payerToken };
  return { channel: 'transfer' };
}

function readBills(bills: readonly BillToPay[]): PayBillsInput['bills'] {
  return bills.map(({ billId, amount }) => ({
    billId: localId<'bill'>('Bill', billId, ['input', 'bills']),
    ...(amount ? { amount: readMoney(amount, ['input', 'bills']) } : {}),
  }));
}

export function readPayment(input: PayInput): PayBillsInput {
  const { idempotencyKey, bills, expectedTotal, method, quoteId } = input;
  return {
    idempotencyKey,
    bills: readBills(bills),
    expectedTotal: readMoney(expectedTotal, ['input', 'expectedTotal']),
    method: readMethod(method),
    ...(quoteId ? { quoteId: localId<'quote'>('PaymentQuote', quoteId, ['input', 'quoteId']) } : {}),
  };
}

export function readQuote({ idempotencyKey, bills, channel }: QuoteInput): QuotePayment['input'] {
  const named = channel.toLowerCase() as QuotePayment['input']['channel'];
  return { idempotencyKey, bills: readBills(bills), channel: named };
}

export function readFilter(filter: PaymentsArgs['filter']): PaymentFilter {
  const { statuses, channels, from, to } = filter ?? {};
  return {
    ...(statuses && { statuses }),
    ...(channels && { channels: channels.map((channel) => channel.toLowerCase() as Channel) }),
    ...(from && { from }),
    ...(to && { to }),
  };
}
