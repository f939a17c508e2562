import {
  type Connection,
  type MoneyInput,
  RefusedResult,
  type Resolvers,
  connectionOf,
  globalId,
  localId,
  readMoney,
  readPage,
} from '#libs/graphql/index.js';
import {
  PushedSubWallets,
  type PushedSubWalletView,
  type SubWalletClosedView,
  SubWalletsOf,
  type SubWalletView,
  WalletInstitutions,
  WalletPrecheck,
  type WalletPrecheckView,
  WalletsOf,
  type TierLimitsProposal,
  WalletTierLimits,
  type WalletView,
} from '#libs/payments/contract/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { GatewayContext } from '../context.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { walletsMutations } from './mutations.js';
import { transferQueries, transferTypes } from './transfers.js';

interface PrecheckArgs {
  readonly walletId: string;
  readonly amount: MoneyInput;
  readonly subWalletId?: string | null;
}

interface PushedArgs {
  readonly organisationId: string;
  readonly first: number;
  readonly after?: string | null;
}

export function walletsResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: walletsQueries(queries),
    Mutation: walletsMutations(commands),
    ...transferTypes,
    Wallet: { id: (source: WalletView) => globalId('Wallet', source.id) },
    WalletPrecheck: {
      refusal: ({ refusal }: WalletPrecheckView) => refusal && new RefusedResult(refusal),
    },
    SubWallet: {
      id: (source: SubWalletView) => globalId('SubWallet', source.id),
      walletId: (source: SubWalletView) => globalId('Wallet', source.walletId),
      organisation: organisationField(queries),
    },
    PushedSubWallet: { organisation: organisationField(queries) },
    TierLimitsProposal: { id: (source: TierLimitsProposal) => globalId('Approval', source.id) },
    SubWalletTakenBack: {
      subWalletId: (source: SubWalletClosedView) => globalId('SubWallet', source.subWalletId),
    },
  };
}

function walletsQueries(queries: Queries): Resolvers[string] {
  return {
    wallets: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new WalletsOf(context.request)),
    walletInstitutions: (_source: unknown, _args: unknown, context: GatewayContext) =>
      queries.execute(new WalletInstitutions(context.request)),
    walletTierLimits: (
      _source: unknown,
      { on }: { readonly on?: LocalDate | null },
      context: GatewayContext,
    ) => queries.execute(new WalletTierLimits(context.request, on ?? undefined)),
    walletPrecheck: (_source: unknown, args: PrecheckArgs, context: GatewayContext) => {
      const input = {
        walletId: localId<'wallet'>('Wallet', args.walletId, ['walletId']),
        amount: readMoney(args.amount, ['amount']),
        ...(args.subWalletId && {
          subWalletId: localId<'subWallet'>('SubWallet', args.subWalletId, ['subWalletId']),
        }),
      };
      return queries.execute(new WalletPrecheck(context.request, input));
    },
    subWallets: (_source: unknown, args: { readonly walletId: string }, context: GatewayContext) =>
      queries.execute(
        new SubWalletsOf(context.request, localId<'wallet'>('Wallet', args.walletId, ['walletId'])),
      ),
    ...transferQueries(queries),
    pushedSubWallets: async (
      _source: unknown,
      args: PushedArgs,
      context: GatewayContext,
    ): Promise<Connection<PushedSubWalletView>> => {
      const page = readPage(args);
      const organisationId = localId<'organisation'>('Organisation', args.organisationId, ['organisationId']);
      const found = await queries.execute(new PushedSubWallets(context.request, organisationId, page));
      return connectionOf(found, page);
    },
  };
}
