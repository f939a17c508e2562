import {
  type MoneyInput,
  RefusedResult,
  type Resolvers,
  connectionOf,
  globalId,
  localId,
  readMoney,
  readPage,
  resultOf,
} from '#libs/graphql/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  CollectionByContent,
  type CollectionView,
  ConfirmCollection,
  RequestCollection,
  TopUpFromBank,
  TransferById,
  TransfersOf,
  type TransferView,
  WithdrawFromWallet,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands, Queries } from '../own-writes.js';

type Input<Content> = {
  readonly input: Content & { readonly idempotencyKey: string; readonly walletId: string };
};

interface BankTransferInput {
  readonly amount: MoneyInput;
  readonly bankAccount: string;
}

const KINDS = { topUp: 'TOP_UP', withdrawal: 'WITHDRAWAL', personal: 'PERSONAL' } as const;

export const transferTypes: Resolvers = {
  Transfer: {
    id: (source: TransferView) => globalId('Transfer', source.id),
    kind: (source: TransferView) => KINDS[source.kind],
    walletId: (source: TransferView) => source.walletId && globalId('Wallet', source.walletId),
    failure: (source: TransferView) => source.failure && new RefusedResult(source.failure),
  },
  Collection: { id: (source: CollectionView) => globalId('Transfer', source.id) },
};

export function transferQueries(queries: Queries): Resolvers[string] {
  return {
    transfer: (_source: unknown, args: { readonly id: string }, { request }: GatewayContext) =>
      queries.execute(new TransferById(request, localId<'transfer'>('Transfer', args.id, ['id']))),
    transfers: async (
      _source: unknown,
      args: { readonly first: number; readonly after?: string | null },
      { request }: GatewayContext,
    ) => {
      const page = readPage(args);
      return connectionOf(await queries.execute(new TransfersOf(request, page)), page);
    },
    collection: (_source: unknown, args: { readonly content: string }, { request }: GatewayContext) =>
      queries.execute(new CollectionByContent(request, args.content)),
  };
}

export function transferMutations(commands: Commands): Resolvers[string] {
  return {
    topUpFromBank: async (
      _source: unknown,
      { input }: Input<BankTransferInput>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new TopUpFromBank(request, readTransfer(input)))),
    withdrawFromWallet: async (
      _source: unknown,
      { input }: Input<BankTransferInput>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new WithdrawFromWallet(request, readTransfer(input)))),
    requestCollection: async (
      _source: unknown,
      { input }: Input<{ readonly amount: MoneyInput; readonly expiresAt?: Instant | null }>,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey, expiresAt } = input;
      const amount = readMoney(input.amount, ['input', 'amount']);
      const asked = { idempotencyKey, walletId: walletOf(input), amount, ...(expiresAt && { expiresAt }) };
      return resultOf(await commands.execute(new RequestCollection(request, asked)));
    },
    confirmCollection: async (
      _source: unknown,
      { input }: Input<{ readonly content: string; readonly expectedAmount: MoneyInput }>,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey, content } = input;
      const expected = readMoney(input.expectedAmount, ['input', 'expectedAmount']);
      const confirmed = { idempotencyKey, content, walletId: walletOf(input), expected };
      return resultOf(await commands.execute(new ConfirmCollection(request, confirmed)));
    },
  };
}

function readTransfer(input: Input<BankTransferInput>['input']) {
  const { idempotencyKey, bankAccount } = input;
  const amount = readMoney(input.amount, ['input', 'amount']);
  return { idempotencyKey, walletId: walletOf(input), amount, bankAccount };
}

function walletOf({ walletId }: { readonly walletId: string }) {
  return localId<'wallet'>('Wallet', walletId, ['input', 'walletId']);
}
