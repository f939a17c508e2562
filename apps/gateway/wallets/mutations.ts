import { type MoneyInput, type Resolvers, localId, readMoney, resultOf } from '#libs/graphql/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import {
  CloseSubWallet,
  FreezeWallet,
  OpenWallet,
  PushSubWallet,
  RelimitSubWallet,
  SetTierLimits,
  TopUpWallet,
  UpgradeWallet,
  type WalletTier,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands } from '../own-writes.js';
import { transferMutations } from './transfers.js';

type Input<Content> = { readonly input: Content & { readonly idempotencyKey: string } };

interface OpenInput {
  readonly label: string;
  readonly holder?: { readonly institutionId: string; readonly name: string; readonly phone: string } | null;
}

interface OfWallet {
  readonly walletId: string;
}

interface UpgradeInput extends OfWallet {
  readonly tier: WalletTier;
  readonly identityName: string;
  readonly identityNumber: string;
  readonly bankAccount?: string | null;
  readonly counterReference?: string | null;
}

type LimitsInput = {
  readonly tier: WalletTier;
  readonly from: LocalDate;
  readonly reason: string;
} & Readonly<Partial<Record<(typeof LIMITS)[number], MoneyInput | null>>>;

interface SubWalletInput extends OfWallet {
  readonly subWalletId: string;
}

interface SubWalletLimitsInput {
  readonly single: MoneyInput;
  readonly day: MoneyInput;
}

const LIMITS = ['balance', 'single', 'day', 'year'] as const;

export function walletsMutations(commands: Commands): Resolvers[string] {
  return {
    openWallet: async (_source: unknown, { input }: Input<OpenInput>, { request }: GatewayContext) => {
      const { idempotencyKey, label, holder } = input;
      return resultOf(
        await commands.execute(new OpenWallet(request, { idempotencyKey, label, ...(holder && { holder }) })),
      );
    },
    topUpWallet: async (
      _source: unknown,
      { input }: Input<OfWallet & { readonly amount: MoneyInput }>,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey } = input;
      const amount = readMoney(input.amount, ['input', 'amount']);
      return resultOf(
        await commands.execute(
          new TopUpWallet(request, { idempotencyKey, walletId: walletOf(input), amount }),
        ),
      );
    },
    upgradeWallet: async (_source: unknown, { input }: Input<UpgradeInput>, { request }: GatewayContext) => {
      const { bankAccount, counterReference, ...given } = input;
      const evidence = {
        ...(bankAccount && { bankAccount }),
        ...(counterReference && { counterReference }),
      };
      return resultOf(
        await commands.execute(
          new UpgradeWallet(request, { ...given, ...evidence, walletId: walletOf(input) }),
        ),
      );
    },
    freezeWallet: freeze(commands, true),
    thawWallet: freeze(commands, false),
    setTierLimits: async (_source: unknown, { input }: Input<LimitsInput>, { request }: GatewayContext) => {
      const { idempotencyKey, tier, from, reason } = input;
      const figures = LIMITS.flatMap((name) => {
        const limit = input[name];
        return limit ? [[name, readMoney(limit, ['input', name])] as const] : [];
      });
      const limits = { tier, ...Object.fromEntries(figures) };
      return resultOf(
        await commands.execute(new SetTierLimits(request, { idempotencyKey, limits, from, reason })),
      );
    },
    ...subWalletMutations(commands),
    ...transferMutations(commands),
  };
}

function subWalletMutations(commands: Commands): Resolvers[string] {
  return {
    pushSubWallet: async (
      _source: unknown,
      {
        input,
      }: Input<
        OfWallet & SubWalletLimitsInput & { readonly organisationId: string; readonly scene?: string | null }
      >,
      { request }: GatewayContext,
    ) => {
      const { idempotencyKey, scene } = input;
      const organisationId = localId<'organisation'>('Organisation', input.organisationId, [
        'input',
        'organisationId',
      ]);
      const push = {
        idempotencyKey,
        walletId: walletOf(input),
        organisationId,
        ...(scene && { scene }),
        ...limitsOf(input),
      };
      return resultOf(await commands.execute(new PushSubWallet(request, push)));
    },
    relimitSubWallet: async (
      _source: unknown,
      { input }: Input<SubWalletInput & SubWalletLimitsInput>,
      { request }: GatewayContext,
    ) =>
      resultOf(
        await commands.execute(new RelimitSubWallet(request, { ...subWalletOf(input), ...limitsOf(input) })),
      ),
    closeSubWallet: async (_source: unknown, { input }: Input<SubWalletInput>, { request }: GatewayContext) =>
      resultOf(await commands.execute(new CloseSubWallet(request, subWalletOf(input)))),
  };
}

function freeze(commands: Commands, frozen: boolean) {
  return async (
    _source: unknown,
    { input }: Input<OfWallet & { readonly reason: string }>,
    { request }: GatewayContext,
  ) => {
    const { idempotencyKey, reason } = input;
    const walletId = walletOf(input);
    return resultOf(
      await commands.execute(new FreezeWallet(request, { idempotencyKey, walletId, reason, frozen })),
    );
  };
}

function walletOf({ walletId }: OfWallet) {
  return localId<'wallet'>('Wallet', walletId, ['input', 'walletId']);
}

function subWalletOf(input: SubWalletInput & { readonly idempotencyKey: string }) {
  const subWalletId = localId<'subWallet'>('SubWallet', input.subWalletId, ['input', 'subWalletId']);
  return { idempotencyKey: input.idempotencyKey, walletId: walletOf(input), subWalletId };
}

function limitsOf({ single, day }: SubWalletLimitsInput) {
  return {
    single: readMoney(single, ['input', 'single']),
    day: readMoney(day, ['input', 'day']),
  };
}
