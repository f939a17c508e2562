import {
  type MoneyInput,
  type Resolvers,
  globalId,
  localId,
  readMoney,
  resultOf,
} from '#libs/graphql/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  HardWalletsOf,
  type HardWalletView,
  IssueHardWallet,
  LoadHardWallet,
  type OfflineToken,
  type SyncedPayment,
  SyncOfflinePayments,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands, Queries } from '../own-writes.js';

type Input<Content> = { readonly input: Content & { readonly idempotencyKey: string } };

interface TokenInput {
  readonly hardWalletId: string;
  readonly counter: number;
  readonly amount: MoneyInput;
  readonly organisationId: string;
  readonly billId: string;
  readonly at: Instant;
  readonly signature: string;
}

export function hardWalletsResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: {
      hardWallets: (_source: unknown, _args: unknown, { request }: GatewayContext) =>
        queries.execute(new HardWalletsOf(request)),
    },
    Mutation: mutations(commands),
    HardWallet: {
      id: (source: HardWalletView) => globalId('HardWallet', source.id),
      walletId: (source: HardWalletView) => globalId('Wallet', source.walletId),
    },
    SyncedOfflinePayment: {
      hardWalletId: (source: SyncedPayment) => globalId('HardWallet', source.hardWalletId),
      paymentId: (source: SyncedPayment) => source.paymentId && globalId('Payment', source.paymentId),
    },
  };
}

function mutations(commands: Commands): Resolvers[string] {
  return {
    issueHardWallet: async (
      _source: unknown,
      { input }: Input<{ readonly walletId: string; readonly publicKey: string }>,
      { request }: GatewayContext,
    ) => {
      const walletId = localId<'wallet'>('Wallet', input.walletId, ['input', 'walletId']);
      return resultOf(await commands.execute(new IssueHardWallet(request, { ...input, walletId })));
    },
    loadHardWallet: async (
      _source: unknown,
      {
        input,
      }: Input<{ readonly hardWalletId: string; readonly amount: MoneyInput; readonly counter: number }>,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey, counter } = input;
      const hardWalletId = localId<'hardWallet'>('HardWallet', input.hardWalletId, ['input', 'hardWalletId']);
      const amount = readMoney(input.amount, ['input', 'amount']);
      return resultOf(
        await commands.execute(
          new LoadHardWallet(request, { idempotencyKey, hardWalletId, amount, counter }),
        ),
      );
    },
    syncOfflinePayments: async (
      _source: unknown,
      { input }: Input<{ readonly tokens: readonly TokenInput[] }>,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey } = input;
      const tokens = input.tokens.map(tokenOf);
      return resultOf(await commands.execute(new SyncOfflinePayments(request, { idempotencyKey, tokens })));
    },
  };
}

function tokenOf({ counter, at, signature, ...token }: TokenInput, index: number): OfflineToken {
  const path = ['input', 'tokens', String(index)];
  return {
    hardWalletId: localId<'hardWallet'>('HardWallet', token.hardWalletId, path),
    counter,
    amount: readMoney(token.amount, path),
    organisationId: localId<'organisation'>('Organisation', token.organisationId, path),
    reference: localId<'bill'>('Bill', token.billId, path),
    at,
    signature,
  };
}
