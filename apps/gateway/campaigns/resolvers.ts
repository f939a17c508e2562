import {
  CampaignById,
  CampaignDraw,
  type CampaignDrawView,
  type CampaignFilter,
  CampaignsOf,
  type CampaignView,
  CreateCampaign,
  DrawnSignUps,
  MySignUp,
  SignUpForCampaign,
  type SignUpView,
  SponsorCampaign,
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
import type { GatewayContext } from '../context.js';
import { enumNameOf, enumValueOf } from '../enum-names.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { type CreateInput, readCampaign } from './read-input.js';

type Input<Content> = { readonly input: Content };

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
}

interface CampaignsArgs extends PageArgs {
  readonly filter?: {
    readonly organisationId?: string | null;
    readonly statuses?: readonly string[] | null;
  } | null;
}

interface SponsorInput {
  readonly idempotencyKey: string;
  readonly campaignId: string;
  readonly walletId: string;
  readonly expectedBudget: MoneyInput;
}

type AwardsSource = CampaignView['awards'];

function readFilter(filter: CampaignsArgs['filter']): CampaignFilter {
  const { organisationId, statuses } = filter ?? {};
  return {
    ...(organisationId && {
      organisationId: localId<'organisation'>('Organisation', organisationId, ['filter', 'organisationId']),
    }),
    ...(statuses && { statuses: statuses.map((status) => enumNameOf(status)) }),
  };
}

/** Campaigns and their draws; vouchers are beside. */
export function campaignResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: campaignQueries(queries),
    Mutation: campaignMutations(commands),
    Campaign: {
      id: (source: CampaignView) => globalId('Campaign', source.id),
      organisation: organisationField(queries),
      kind: (source: CampaignView) => enumValueOf(source.kind),
      status: (source: CampaignView) => enumValueOf(source.status),
      sponsorAccountId: (source: CampaignView) => source.sponsor,
      budgetContractId: (source: CampaignView) =>
        source.budgetContractId && globalId('Contract', source.budgetContractId),
      endReason: (source: CampaignView) => source.endReason && enumValueOf(source.endReason),
      mySignUp: (source: CampaignView, _args: unknown, context: GatewayContext) =>
        queries.execute(new MySignUp(context.request, source.id)),
    },
    CampaignAwards: {
      prizes: (source: AwardsSource) => (source.kind === 'prizes' ? source.prizes : undefined),
      redPackets: (source: AwardsSource) => (source.kind === 'packets' ? source : undefined),
    },
    RedPackets: { split: (source: { readonly split: string }) => source.split.toUpperCase() },
    CampaignSignUp: {
      id: (source: SignUpView) => globalId('CampaignSignUp', source.id),
      voucherId: (source: SignUpView) => source.voucherId && globalId('Voucher', source.voucherId),
    },
    CampaignDraw: {
      lotteryId: (source: CampaignDrawView) => source.campaignId,
      signUpCount: (source: CampaignDrawView) => source.signUps,
      signUps: async (source: CampaignDrawView, args: PageArgs, context: GatewayContext) => {
        const page = readPage(args);
        const found = await queries.execute(new DrawnSignUps(context.request, source.campaignId, page));
        return connectionOf(found, page);
      },
    },
  };
}

function campaignQueries(queries: Queries) {
  return {
    campaigns: async (_source: unknown, args: CampaignsArgs, context: GatewayContext) => {
      const page = readPage(args);
      const found = await queries.execute(new CampaignsOf(context.request, readFilter(args.filter), page));
      return connectionOf(found, page);
    },
    campaign: (_source: unknown, { id }: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new CampaignById(context.request, localId<'campaign'>('Campaign', id, ['id']))),
    campaignDraw: (
      _source: unknown,
      { campaignId }: { readonly campaignId: string },
      context: GatewayContext,
    ) => {
      const id = localId<'campaign'>('Campaign', campaignId, ['campaignId']);
      return queries.execute(new CampaignDraw(context.request, id));
    },
  };
}

function campaignMutations(commands: Commands) {
  return {
    createCampaign: async (_source: unknown, { input }: Input<CreateInput>, context: GatewayContext) => {
      const given = readCampaign(input, context.organisation(input.organisationId));
      return resultOf(await commands.execute(new CreateCampaign(context.request, given)));
    },
    sponsorCampaign: async (_source: unknown, { input }: Input<SponsorInput>, context: GatewayContext) => {
      const given = {
        idempotencyKey: input.idempotencyKey,
        campaignId: localId<'campaign'>('Campaign', input.campaignId, ['input', 'campaignId']),
        walletId: localId<'wallet'>('Wallet', input.walletId, ['input', 'walletId']),
        expectedBudget: readMoney(input.expectedBudget, ['input', 'expectedBudget']),
      };
      return resultOf(await commands.execute(new SponsorCampaign(context.request, given)));
    },
    signUpForCampaign: async (
      _source: unknown,
      { input }: Input<{ readonly idempotencyKey: string; readonly campaignId: string }>,
      context: GatewayContext,
    ) => {
      const campaignId = localId<'campaign'>('Campaign', input.campaignId, ['input', 'campaignId']);
      const { idempotencyKey } = input;
      return resultOf(
        await commands.execute(new SignUpForCampaign(context.request, { idempotencyKey, campaignId })),
      );
    },
  };
}
