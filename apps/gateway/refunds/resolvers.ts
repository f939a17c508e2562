import {
  type MoneyInput,
  type Resolvers,
  connectionOf,
  globalId,
  localId,
  readMoney,
  readPage,
  resultOf,
} from '#libs/graphql/index.js';
import { zero } from '#libs/kernel/money/index.js';
import {
  CancelReceipt,
  ConfirmRefund,
  DishonourCheque,
  RefundById,
  type RefundFilter,
  type RefundStatus,
  type RefundView,
  RefundsOf,
  RequestRefund,
  WithdrawRefund,
  refundApprovalIdOf,
} from '#libs/payments/contract/refunds.js';
import type { PaymentView } from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';

type Input<Content> = { readonly input: Content };

interface RefundsArgs {
  readonly filter?: {
    readonly organisationId?: string | null;
    readonly paymentId?: string | null;
    readonly statuses?: readonly RefundStatus[] | null;
  } | null;
  readonly first: number;
  readonly after?: string | null;
}

interface Act {
  readonly idempotencyKey: string;
  readonly reason: string;
}

/** Refunds of one payment shown beside it. */
const MOST_OF_A_PAYMENT = 50;

function readFilter(filter: RefundsArgs['filter']): RefundFilter {
  const { organisationId, paymentId, statuses } = filter ?? {};
  return {
    ...(organisationId && {
      organisationId: localId<'organisation'>('Organisation', organisationId, ['filter', 'organisationId']),
    }),
    ...(paymentId && { paymentId: localId<'payment'>('Payment', paymentId, ['filter', 'paymentId']) }),
    ...(statuses && { statuses }),
  };
}

const refundIn = (id: string) => localId<'refund'>('Refund', id, ['input', 'refundId']);
const paymentIn = (id: string) => localId<'payment'>('Payment', id, ['input', 'paymentId']);

export function refundResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: refundQueries(queries),
    Mutation: refundMutations(commands),
    Refund: {
      id: (source: RefundView) => globalId('Refund', source.id),
      paymentId: (source: RefundView) => globalId('Payment', source.paymentId),
      organisation: organisationField(queries),
      channel: (source: RefundView) => source.channel.toUpperCase(),
      approvalId: (source: RefundView) =>
        source.approvalNeeded ? globalId('Approval', refundApprovalIdOf(source.id)) : null,
    },
    RefundLine: {
      billId: (source: RefundView['lines'][number]) => globalId('Bill', source.billId),
    },
    Payment: {
      refunded: (source: PaymentView) => source.refunded ?? zero(source.total.asset),
      refunds: async (source: PaymentView, _args: unknown, context: GatewayContext) => {
        const filter = { paymentId: source.id };
        const page = await queries.execute(
          new RefundsOf(context.request, filter, { first: MOST_OF_A_PAYMENT }),
        );
        return page.items.map(({ item }) => item);
      },
    },
  };
}

function refundQueries(queries: Queries): Resolvers[string] {
  return {
    refund: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new RefundById(context.request, localId<'refund'>('Refund', args.id, ['id']))),
    refunds: async (_source: unknown, args: RefundsArgs, context: GatewayContext) => {
      const page = readPage(args);
      return connectionOf(
        await queries.execute(new RefundsOf(context.request, readFilter(args.filter), page)),
        page,
      );
    },
  };
}

function refundMutations(commands: Commands): Resolvers[string] {
  return {
    requestRefund: async (
      _source: unknown,
      {
        input,
      }: Input<
        Act & {
          readonly paymentId: string;
          readonly lines?: readonly { readonly billId: string; readonly amount: MoneyInput }[] | null;
        }
      >,
      context: GatewayContext,
    ) => {
      const { idempotencyKey, reason } = input;
      const lines = input.lines?.map(({ billId, amount }) => ({
        billId: localId<'bill'>('Bill', billId, ['input', 'lines']),
        amount: readMoney(amount, ['input', 'lines']),
      }));
      const asked = {
        idempotencyKey,
        reason,
        paymentId: paymentIn(input.paymentId),
        ...(lines && { lines }),
      };
      return resultOf(await commands.execute(new RequestRefund(context.request, asked)));
    },
    cancelReceipt: async (
      _source: unknown,
      { input }: Input<Act & { readonly receiptId: string }>,
      context: GatewayContext,
    ) => {
      const receiptId = localId<'receipt'>('Receipt', input.receiptId, ['input', 'receiptId']);
      return resultOf(await commands.execute(new CancelReceipt(context.request, { ...input, receiptId })));
    },
    dishonourCheque: async (
      _source: unknown,
      { input }: Input<Act & { readonly paymentId: string }>,
      context: GatewayContext,
    ) => {
      const paymentId = paymentIn(input.paymentId);
      return resultOf(await commands.execute(new DishonourCheque(context.request, { ...input, paymentId })));
    },
    confirmRefund: async (
      _source: unknown,
      {
        input,
      }: Input<{ readonly idempotencyKey: string; readonly refundId: string; readonly reference: string }>,
      context: GatewayContext,
    ) => {
      const refundId = refundIn(input.refundId);
      return resultOf(await commands.execute(new ConfirmRefund(context.request, { ...input, refundId })));
    },
    withdrawRefund: async (
      _source: unknown,
      { input }: Input<Act & { readonly refundId: string }>,
      context: GatewayContext,
    ) => {
      const refundId = refundIn(input.refundId);
      return resultOf(await commands.execute(new WithdrawRefund(context.request, { ...input, refundId })));
    },
  };
}
