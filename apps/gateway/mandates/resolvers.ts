import { type Resolvers, connectionOf, globalId, localId, readPage, resultOf } from '#libs/graphql/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import {
  GiveMandate,
  MandateById,
  type MandateRunView,
  type MandateView,
  MandatesOf,
  RevokeMandate,
} from '#libs/payments/contract/mandates.js';
import type { GatewayContext } from '../context.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';

type Result = MandateRunView['results'][number];

interface GiveInput {
  readonly idempotencyKey: string;
  readonly walletId: string;
  readonly subWalletId: string;
  readonly payerNumber: string;
  readonly payerName: string;
  readonly dayOfMonth: number;
  readonly from?: LocalDate | null;
  readonly until?: LocalDate | null;
}

/** The wallet is the payer's affair; an organisation sees its own side only. */
const ownerOnly =
  (read: (source: MandateView) => string) =>
  (source: MandateView, _args: unknown, { request }: GatewayContext): string | null =>
    request.caller.organisation === undefined ? read(source) : null;

export function mandateResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: {
      mandates: async (
        _source: unknown,
        args: { readonly first: number; readonly after?: string | null },
        context: GatewayContext,
      ) => {
        const page = readPage(args);
        return connectionOf(await queries.execute(new MandatesOf(context.request, page)), page);
      },
      mandate: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
        queries.execute(new MandateById(context.request, localId<'mandate'>('Mandate', args.id, ['id']))),
    },
    Mutation: {
      giveMandate: async (
        _source: unknown,
        { input }: { readonly input: GiveInput },
        context: GatewayContext,
      ) => {
        const { from, until, ...rest } = input;
        const given = {
          ...rest,
          walletId: localId<'wallet'>('Wallet', input.walletId, ['input', 'walletId']),
          subWalletId: localId<'subWallet'>('SubWallet', input.subWalletId, ['input', 'subWalletId']),
          ...(from && { from }),
          ...(until && { until }),
        };
        return resultOf(await commands.execute(new GiveMandate(context.request, given)));
      },
      revokeMandate: async (
        _source: unknown,
        { input }: { readonly input: { readonly idempotencyKey: string; readonly mandateId: string } },
        context: GatewayContext,
      ) => {
        const mandateId = localId<'mandate'>('Mandate', input.mandateId, ['input', 'mandateId']);
        return resultOf(await commands.execute(new RevokeMandate(context.request, { ...input, mandateId })));
      },
    },
    Mandate: {
      id: (source: MandateView) => globalId('Mandate', source.id),
      organisation: organisationField(queries),
      walletId: ownerOnly(({ walletId }) => globalId('Wallet', walletId)),
      subWalletId: ownerOnly(({ subWalletId }) => globalId('SubWallet', subWalletId)),
    },
    MandateResult: {
      billId: (source: Result) => globalId('Bill', source.billId),
      paymentId: (source: Result) => source.paymentId && globalId('Payment', source.paymentId),
    },
  };
}
