import type { Commands, Queries } from '../own-writes.js';
import { BillById } from '#libs/billing/contract/index.js';
import {
  type MoneyInput,
  RefusedResult,
  type Resolvers,
  globalId,
  localId,
  moneyFields,
  readMoney,
  resultOf,
} from '#libs/graphql/index.js';
import { chineseCapitals } from '#libs/kernel/money/index.js';
import {
  type OpenPaymentView,
  OpenPayments,
  OpenWallet,
  PayBills,
  type PayBillsInput,
  PaymentById,
  type PaymentMethod,
  type PaymentView,
  ReceiptById,
  type ReceiptLine,
  type ReceiptView,
  TopUpWallet,
  TrialBalance,
  type WalletView,
  WalletsOf,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import { organisationField } from '../onboarding/resolvers.js';

type Input<Content> = { readonly input: Content };

interface PayInput {
  readonly idempotencyKey: string;
  readonly bills: readonly { readonly billId: string; readonly amount?: MoneyInput | null }[];
  readonly expectedTotal: MoneyInput;
  readonly method: {
    readonly wallet?: { readonly walletId: string };
    readonly cash?: { readonly tendered: MoneyInput };
  };
}

type PaidBill = PaymentView['bills'][number];

function readMethod(method: PayInput['method']): PaymentMethod {
  if (method.wallet)
    return {
      channel: 'wallet',
      walletId: localId<'wallet'>('Wallet', method.wallet.walletId, ['input', 'method', 'wallet']),
    };
  // @oneOf: exactly one of the two is given.
  return { channel: 'cash', tendered: readMoney(method.cash!.tendered, ['input', 'method', 'cash']) };
}

function readPayment(input: PayInput): PayBillsInput {
  return {
    idempotencyKey: input.idempotencyKey,
    bills: input.bills.map(({ billId, amount }) => ({
      billId: localId<'bill'>('Bill', billId, ['input', 'bills']),
      ...(amount ? { amount: readMoney(amount, ['input', 'bills']) } : {}),
    })),
    expectedTotal: readMoney(input.expectedTotal, ['input', 'expectedTotal']),
    method: readMethod(input.method),
  };
}

export function paymentsResolvers(commands: Commands, queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: paymentsQueries(queries),
    Mutation: paymentsMutations(commands),
    Wallet: { id: (source: WalletView) => globalId('Wallet', source.id) },
    Payment: {
      id: (source: PaymentView) => globalId('Payment', source.id),
      channel: (source: PaymentView) => source.channel.toUpperCase(),
      failure: (source: PaymentView) => source.failure && new RefusedResult(source.failure),
    },
    OpenPayment: {
      id: (source: OpenPaymentView) => globalId('Payment', source.id),
      channel: (source: OpenPaymentView) => source.channel.toUpperCase(),
    },
    PaidBill: {
      billId: (source: PaidBill) => globalId('Bill', source.billId),
      bill: (source: PaidBill, _args: unknown, context: GatewayContext) =>
        queries.execute(new BillById(context.request, source.billId)),
    },
    Receipt: {
      id: (source: ReceiptView) => globalId('Receipt', source.id),
      organisation: organisationField(queries),
      paymentId: (source: ReceiptView) => globalId('Payment', source.paymentId),
      channel: (source: ReceiptView) => source.channel.toUpperCase(),
      amountInCapitals: (source: ReceiptView) => chineseCapitals(source.total),
      pdfUrl: (source: ReceiptView, _args: unknown, context: GatewayContext) =>
        links.receipt(source.id, { caller: context.request.caller, language: context.language }),
    },
    ReceiptLine: { billId: (source: ReceiptLine) => globalId('Bill', source.billId) },
    Money: moneyFields,
    SignedMoney: moneyFields,
  };
}

function paymentsQueries(queries: Queries): Resolvers[string] {
  return {
    wallets: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new WalletsOf(context.request)),
    payment: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new PaymentById(context.request, localId<'payment'>('Payment', args.id, ['id']))),
    receipt: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new ReceiptById(context.request, localId<'receipt'>('Receipt', args.id, ['id']))),
    openPayments: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new OpenPayments(context.request)),
    trialBalance: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new TrialBalance(context.request)),
  };
}

function paymentsMutations(commands: Commands): Resolvers[string] {
  return {
    openWallet: async (
      _source: unknown,
      { input }: Input<{ readonly idempotencyKey: string; readonly label: string }>,
      context: GatewayContext,
    ) => resultOf(await commands.execute(new OpenWallet(context.request, { ...input }))),
    topUpWallet: async (
      _source: unknown,
      {
        input,
      }: Input<{ readonly idempotencyKey: string; readonly walletId: string; readonly amount: MoneyInput }>,
      context: GatewayContext,
    ) => {
      const walletId = localId<'wallet'>('Wallet', input.walletId, ['input', 'walletId']);
      const amount = readMoney(input.amount, ['input', 'amount']);
      return resultOf(
        await commands.execute(
          new TopUpWallet(context.request, { idempotencyKey: input.idempotencyKey, walletId, amount }),
        ),
      );
    },
    payBills: async (_source: unknown, { input }: Input<PayInput>, context: GatewayContext) =>
      resultOf(await commands.execute(new PayBills(context.request, readPayment(input)))),
  };
}
