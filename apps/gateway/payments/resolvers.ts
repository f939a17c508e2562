import type { Commands, Queries } from '../own-writes.js';
import { BillById } from '#libs/billing/contract/index.js';
import {
  RefusedResult,
  type Resolvers,
  connectionOf,
  globalId,
  localId,
  moneyFields,
  readPage,
  resultOf,
} from '#libs/graphql/index.js';
import { chineseCapitals } from '#libs/kernel/money/index.js';
import {
  type AdvanceView,
  AdvancesOf,
  CancelPayment,
  type OpenPaymentView,
  OpenPayments,
  PayBills,
  PaymentById,
  type PaymentView,
  PaymentsOf,
  PreviewPayment,
  QuotePayment,
  type QuoteView,
  ReceiptById,
  type ReceiptLine,
  type ReceiptView,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import { organisationField } from '../onboarding/resolvers.js';
import {
  type AdvancesArgs,
  type CancelInput,
  type PayInput,
  type PaymentsArgs,
  type QuoteInput,
  readFilter,
  readPayment,
  readQuote,
} from './read-input.js';

type Input<Content> = { readonly input: Content };

type PaidBill = PaymentView['bills'][number];
type QuotedBill = QuoteView['bills'][number];

export function paymentsResolvers(commands: Commands, queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: paymentsQueries(queries),
    Mutation: paymentsMutations(commands),
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
    PaymentQuote: {
      id: (source: QuoteView) => globalId('PaymentQuote', source.id),
      channel: (source: QuoteView) => source.channel.toUpperCase(),
    },
    QuotedBill: { billId: (source: QuotedBill) => globalId('Bill', source.billId) },
    Advance: {
      id: (source: AdvanceView) => globalId('Advance', source.id),
      organisation: organisationField(queries),
    },
    ReceiptLine: { billId: (source: ReceiptLine) => globalId('Bill', source.billId) },
    Money: moneyFields,
    SignedMoney: moneyFields,
  };
}

function paymentsQueries(queries: Queries): Resolvers[string] {
  return {
    payment: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new PaymentById(context.request, localId<'payment'>('Payment', args.id, ['id']))),
    receipt: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new ReceiptById(context.request, localId<'receipt'>('Receipt', args.id, ['id']))),
    payments: async (_source: unknown, args: PaymentsArgs, context: GatewayContext) => {
      const page = readPage(args);
      const organisationId = localId<'organisation'>('Organisation', args.organisationId, ['organisationId']);
      const query = new PaymentsOf(context.request, organisationId, readFilter(args.filter), page);
      return connectionOf(await queries.execute(query), page);
    },
    previewPayment: async (_source: unknown, { input }: Input<PayInput>, context: GatewayContext) =>
      resultOf(await queries.execute(new PreviewPayment(context.request, readPayment(input)))),
    advances: async (_source: unknown, args: AdvancesArgs, context: GatewayContext) => {
      const page = readPage(args);
      const organisationId = localId<'organisation'>('Organisation', args.organisationId, ['organisationId']);
      const payerNumber = args.payerNumber ?? undefined;
      const query = new AdvancesOf(context.request, organisationId, payerNumber, page);
      return connectionOf(await queries.execute(query), page);
    },
    openPayments: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new OpenPayments(context.request)),
  };
}

function paymentsMutations(commands: Commands): Resolvers[string] {
  return {
    payBills: async (_source: unknown, { input }: Input<PayInput>, context: GatewayContext) =>
      resultOf(await commands.execute(new PayBills(context.request, readPayment(input)))),
    cancelPayment: async (_source: unknown, { input }: Input<CancelInput>, context: GatewayContext) => {
      const paymentId = localId<'payment'>('Payment', input.paymentId, ['input', 'paymentId']);
      const { idempotencyKey } = input;
      return resultOf(
        await commands.execute(new CancelPayment(context.request, { idempotencyKey, paymentId })),
      );
    },
    quotePayment: async (_source: unknown, { input }: Input<QuoteInput>, context: GatewayContext) =>
      resultOf(await commands.execute(new QuotePayment(context.request, readQuote(input)))),
  };
}
