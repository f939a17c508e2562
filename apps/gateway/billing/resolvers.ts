import type { Commands, Queries } from '../own-writes.js';
import {
  type BillFilter,
  type BillItemView,
  type BillTimelineEntry,
  type BillView,
  BillById,
  BillTimeline,
  BillTotalsOf,
  BillsOf,
  BillsToPay,
  CancelBill,
  DefineFeeItem,
  type DefineFeeItemInput,
  type FeeItemView,
  FeeItemsOf,
} from '#libs/billing/contract/index.js';
import {
  type Connection,
  type Resolvers,
  connectionOf,
  globalId,
  localId,
  readPage,
  resultOf,
} from '#libs/graphql/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import { PaymentsForBill } from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import { translate } from '../i18n/index.js';
import { organisationField } from '../onboarding/resolvers.js';
import { presentFields } from '../present-fields.js';

interface BillsArgs {
  readonly organisationId?: string | null;
  readonly filter?: (Omit<BillFilter, 'feeItemId'> & { readonly feeItemId?: string | null }) | null;
  readonly first: number;
  readonly after?: string | null;
}

/** A page of bills that still knows the question, so that `totals` can be asked over all of it. */
interface BillPage extends Connection<BillView> {
  readonly organisationId: OrganisationId;
  readonly filter: BillFilter;
}

type Input<Content> = { readonly input: Content };

function readFilter(filter: BillsArgs['filter']): BillFilter {
  const { feeItemId, ...rest } = presentFields(filter ?? {});
  return {
    ...rest,
    ...(feeItemId ? { feeItemId: localId<'feeItem'>('FeeItem', feeItemId, ['filter', 'feeItemId']) } : {}),
  };
}

export function billingResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: billingQueries(queries),
    Mutation: billingMutations(commands),
    BillConnection: {
      totals: ({ organisationId, filter }: BillPage, _args: unknown, context: GatewayContext) =>
        queries.execute(new BillTotalsOf(context.request, organisationId, filter)),
    },
    Bill: {
      id: (source: BillView) => globalId('Bill', source.id),
      organisation: organisationField(queries),
      timeline: (source: BillView, _args: unknown, context: GatewayContext) =>
        queries.execute(new BillTimeline(context.request, source.id)),
      payments: (source: BillView, _args: unknown, context: GatewayContext) =>
        queries.execute(new PaymentsForBill(context.request, source.id)),
    },
    BillItem: { feeItemId: (source: BillItemView) => globalId('FeeItem', source.feeItemId) },
    BillTimelineEntry: {
      message: (source: BillTimelineEntry, _args: unknown, context: GatewayContext) =>
        translate(context.language, {
          key: source.messageKey,
          fallback: source.type,
          details: source.details,
        }),
      paymentId: (source: BillTimelineEntry) => source.paymentId && globalId('Payment', source.paymentId),
    },
    FeeItem: { id: (source: FeeItemView) => globalId('FeeItem', source.id) },
  };
}

function billingQueries(queries: Queries): Resolvers[string] {
  return {
    feeItems: (
      _source: unknown,
      args: { readonly organisationId?: string | null },
      context: GatewayContext,
    ) => queries.execute(new FeeItemsOf(context.request, context.organisation(args.organisationId))),
    bills: async (_source: unknown, args: BillsArgs, context: GatewayContext): Promise<BillPage> => {
      const organisationId = context.organisation(args.organisationId);
      const filter = readFilter(args.filter);
      const page = readPage(args);
      return {
        ...connectionOf(
          await queries.execute(new BillsOf(context.request, organisationId, filter, page)),
          page,
        ),
        organisationId,
        filter,
      };
    },
    bill: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new BillById(context.request, localId<'bill'>('Bill', args.id, ['id']))),
    billsToPay: (
      _source: unknown,
      {
        input,
      }: Input<{ readonly organisationId: string; readonly payerNumber: string; readonly payerName: string }>,
      context: GatewayContext,
    ) => {
      const organisationId = localId<'organisation'>('Organisation', input.organisationId, [
        'input',
        'organisationId',
      ]);
      return queries.execute(new BillsToPay(context.request, { ...input, organisationId }));
    },
  };
}

function billingMutations(commands: Commands): Resolvers[string] {
  return {
    defineFeeItem: async (
      _source: unknown,
      {
        input,
      }: Input<Omit<DefineFeeItemInput, 'organisationId'> & { readonly organisationId?: string | null }>,
      context: GatewayContext,
    ) => {
      const organisationId = context.organisation(input.organisationId);
      return resultOf(
        await commands.execute(new DefineFeeItem(context.request, { ...input, organisationId })),
      );
    },
    cancelBill: async (
      _source: unknown,
      { input }: Input<{ readonly idempotencyKey: string; readonly billId: string; readonly reason: string }>,
      context: GatewayContext,
    ) => {
      const billId = localId<'bill'>('Bill', input.billId, ['input', 'billId']);
      return resultOf(await commands.execute(new CancelBill(context.request, { ...input, billId })));
    },
  };
}
