import {
  MyVouchers,
  SpendVoucher,
  type SpendingView,
  type TakenVoucherView,
  VoucherById,
  VouchersTaken,
  type VoucherView,
} from '#libs/campaigns/contract/index.js';
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
import type { LocalDate } from '#libs/kernel/time/index.js';
import { type OrganisationView, SetMerchantCategory } from '#libs/onboarding/contract/index.js';
import type { GatewayContext } from '../context.js';
import { enumValueOf } from '../enum-names.js';
import { organisationField, organisationOf } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';

type Input<Content> = { readonly input: Content };

interface PageArgs {
  readonly organisationId?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

interface SpendInput {
  readonly idempotencyKey: string;
  readonly voucherId: string;
  readonly organisationId: string;
  readonly amount: MoneyInput;
  readonly spend?: MoneyInput | null;
}

interface CategoryInput {
  readonly idempotencyKey: string;
  readonly organisationId: string;
  readonly category: string;
  readonly from?: LocalDate | null;
}

type CategorySource = OrganisationView & { readonly mcc: string };

/** Vouchers and red packets, and what merchants sell. */
export function voucherResolvers(commands: Commands, queries: Queries): Resolvers {
  const organisation = organisationField(queries);
  return {
    Query: voucherQueries(queries),
    Mutation: voucherMutations(commands),
    Voucher: {
      id: (source: VoucherView) => globalId('Voucher', source.id),
      contractId: (source: VoucherView) => globalId('Contract', source.id),
      campaignId: (source: VoucherView) => globalId('Campaign', source.campaignId),
      kind: (source: VoucherView) => enumValueOf(source.kind),
    },
    VoucherTerms: {
      shops: async (source: SpendingView, _args: unknown, context: GatewayContext) => {
        const found = await Promise.all(source.shops.map((id) => organisationOf(queries, context, id)));
        return found.filter((shop) => shop !== undefined);
      },
    },
    VoucherPayment: { organisation },
    TakenVoucher: { organisation },
    MerchantCategory: {
      organisation: (source: CategorySource) => source,
      category: (source: CategorySource) => source.mcc,
    },
  };
}

function voucherQueries(queries: Queries) {
  return {
    myVouchers: async (_source: unknown, args: PageArgs, context: GatewayContext) => {
      const page = readPage(args);
      return connectionOf(await queries.execute(new MyVouchers(context.request, page)), page);
    },
    voucher: (_source: unknown, { id }: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new VoucherById(context.request, localId<'contract'>('Voucher', id, ['id']))),
    vouchersTaken: async (_source: unknown, args: PageArgs, context: GatewayContext) => {
      const page = readPage(args);
      const organisationId = context.organisation(args.organisationId);
      const found = await queries.execute(new VouchersTaken(context.request, organisationId, page));
      return connectionOf<TakenVoucherView>(found, page);
    },
  };
}

function voucherMutations(commands: Commands) {
  return {
    spendVoucher: async (_source: unknown, { input }: Input<SpendInput>, context: GatewayContext) => {
      const { idempotencyKey, spend } = input;
      const given = {
        idempotencyKey,
        voucherId: localId<'contract'>('Voucher', input.voucherId, ['input', 'voucherId']),
        organisationId: localId<'organisation'>('Organisation', input.organisationId, [
          'input',
          'organisationId',
        ]),
        amount: readMoney(input.amount, ['input', 'amount']),
        ...(spend && { spend: readMoney(spend, ['input', 'spend']) }),
      };
      const outcome = await commands.execute(new SpendVoucher(context.request, given));
      if (!outcome.accepted) return resultOf(outcome);
      const { spend: paid, voucher } = outcome.value;
      return { ...paid, voucher };
    },
    setMerchantCategory: async (
      _source: unknown,
      { input }: Input<CategoryInput>,
      context: GatewayContext,
    ) => {
      const { idempotencyKey, category, from } = input;
      const path = ['input', 'organisationId'];
      const given = {
        idempotencyKey,
        organisationId: localId<'organisation'>('Organisation', input.organisationId, path),
        mcc: category,
        ...(from && { from }),
      };
      return resultOf(await commands.execute(new SetMerchantCategory(context.request, given)));
    },
  };
}
