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
import type { BillId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  ChargePayerCode,
  CreatePaymentLink,
  IssueMerchantCode,
  type IssueMerchantCodeInput,
  MerchantCodeById,
  type MerchantCodeReading,
  MerchantCodesOf,
  type MerchantCodeView,
  PayMerchantCode,
  type PayerCodeView,
  PaymentLinkByCode,
  PaymentLinksOf,
  type PaymentLinkView,
  type PublicPaymentLink,
  ReadMerchantCode,
  ShowPayerCode,
  WithdrawMerchantCode,
  WithdrawPaymentLink,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { type MethodInput, readMethod } from '../payments/read-input.js';
import { svgOf } from './draw-code.js';

type Input<Content> = { readonly input: Content };

interface PageArgs {
  readonly organisationId?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

interface BillToPay {
  readonly billId: string;
  readonly amount?: MoneyInput | null;
}

interface IssueInput {
  readonly idempotencyKey: string;
  readonly organisationId?: string | null;
  readonly asks?: { readonly billIds?: readonly string[]; readonly amount?: MoneyInput } | null;
  readonly expiresAt?: Instant | null;
}

interface PayInput {
  readonly idempotencyKey: string;
  readonly content: string;
  readonly bills?: readonly BillToPay[] | null;
  readonly expectedTotal: MoneyInput;
  readonly method: MethodInput;
}

interface ChargeInput {
  readonly idempotencyKey: string;
  readonly code: string;
  readonly bills: readonly BillToPay[];
  readonly expectedTotal: MoneyInput;
}

interface LinkInput {
  readonly idempotencyKey: string;
  readonly organisationId?: string | null;
  readonly billIds: readonly string[];
  readonly expiresAt: Instant;
}

function readBills(ids: readonly string[], path: readonly string[]): readonly BillId[] {
  return ids.map((id) => localId<'bill'>('Bill', id, path));
}

function readBillsToPay(bills: readonly BillToPay[]) {
  const path = ['input', 'bills'];
  return bills.map(({ billId, amount }) => ({
    billId: localId<'bill'>('Bill', billId, path),
    ...(amount ? { amount: readMoney(amount, path) } : {}),
  }));
}

function readAsks({ asks }: IssueInput): Pick<IssueMerchantCodeInput, 'asks'> {
  if (!asks) return {};
  const path = ['input', 'asks'];
  if (asks.billIds) return { asks: { bills: readBills(asks.billIds, path) } };
  // @oneOf: exactly one of the two is given.
  return { asks: { amount: readMoney(asks.amount!, path) } };
}

const billIds = ({ bills }: { readonly bills: readonly BillId[] }): readonly string[] =>
  bills.map((id) => globalId('Bill', id));
const billId = (source: { readonly billId: BillId }): string => globalId('Bill', source.billId);
const kind = (source: { readonly kind: string }): string => source.kind.toUpperCase();

export function qrResolvers(commands: Commands, queries: Queries, links: SignedLinks): Resolvers {
  const organisation = organisationField(queries);
  return {
    Query: qrQueries(queries),
    Mutation: { ...codeMutations(commands), ...payingMutations(commands), ...linkMutations(commands) },
    MerchantCode: {
      id: (source: MerchantCodeView) => globalId('MerchantCode', source.id),
      organisation,
      kind,
      billIds,
      imageUrl: (
        source: MerchantCodeView,
        { format }: { readonly format: 'SVG' | 'PNG' },
        context: GatewayContext,
      ) =>
        links.merchantCode(
          { id: source.id, format: format === 'PNG' ? 'png' : 'svg' },
          { caller: context.request.caller, language: context.language },
        ),
    },
    MerchantCodeReading: {
      codeId: (source: MerchantCodeReading) => globalId('MerchantCode', source.codeId),
      organisation,
      kind,
    },
    MerchantCodeBill: { billId },
    PayerCode: { qrSvg: (source: PayerCodeView) => svgOf(source.digits) },
    PaymentLink: {
      id: (source: PaymentLinkView) => globalId('PaymentLink', source.id),
      linkCode: (source: PaymentLinkView) => source.code,
      organisation,
      billIds,
    },
    PublicPaymentLink: {
      organisationName: (source: PublicPaymentLink, _args: unknown, { language }: GatewayContext) =>
        language === 'zh-CN' ? source.organisationNameZh : source.organisationNameEn,
    },
    PublicPaymentLinkBill: { billId },
  };
}

function qrQueries(queries: Queries): Resolvers[string] {
  return {
    readMerchantCode: async (
      _source: unknown,
      { content }: { readonly content: string },
      context: GatewayContext,
    ) => resultOf(await queries.execute(new ReadMerchantCode(context.request, content))),
    merchantCodes: async (_source: unknown, args: PageArgs, context: GatewayContext) => {
      const organisationId = context.organisation(args.organisationId);
      const page = readPage(args);
      return connectionOf(
        await queries.execute(new MerchantCodesOf(context.request, organisationId, page)),
        page,
      );
    },
    merchantCode: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(
        new MerchantCodeById(context.request, localId<'qrCode'>('MerchantCode', args.id, ['id'])),
      ),
    paymentLinks: async (_source: unknown, args: PageArgs, context: GatewayContext) => {
      const organisationId = context.organisation(args.organisationId);
      const page = readPage(args);
      return connectionOf(
        await queries.execute(new PaymentLinksOf(context.request, organisationId, page)),
        page,
      );
    },
    paymentLink: (_source: unknown, { code }: { readonly code: string }, context: GatewayContext) => {
      context.takePublicTurn();
      return queries.execute(new PaymentLinkByCode(code));
    },
  };
}

function codeMutations(commands: Commands): NonNullable<Resolvers[string]> {
  return {
    issueMerchantCode: async (_source: unknown, { input }: Input<IssueInput>, context: GatewayContext) =>
      resultOf(
        await commands.execute(
          new IssueMerchantCode(context.request, {
            idempotencyKey: input.idempotencyKey,
            organisationId: context.organisation(input.organisationId),
            ...readAsks(input),
            ...(input.expiresAt ? { expiresAt: input.expiresAt } : {}),
          }),
        ),
      ),
    withdrawMerchantCode: async (
      _source: unknown,
      { input }: Input<{ readonly codeId: string; readonly reason: string }>,
      context: GatewayContext,
    ) => {
      const codeId = localId<'qrCode'>('MerchantCode', input.codeId, ['input', 'codeId']);
      const { reason } = input;
      return resultOf(await commands.execute(new WithdrawMerchantCode(context.request, { codeId, reason })));
    },
  };
}

function payingMutations(commands: Commands): NonNullable<Resolvers[string]> {
  return {
    payMerchantCode: async (_source: unknown, { input }: Input<PayInput>, context: GatewayContext) =>
      resultOf(
        await commands.execute(
          new PayMerchantCode(context.request, {
            idempotencyKey: input.idempotencyKey,
            content: input.content,
            ...(input.bills ? { bills: readBillsToPay(input.bills) } : {}),
            expectedTotal: readMoney(input.expectedTotal, ['input', 'expectedTotal']),
            method: readMethod(input.method),
          }),
        ),
      ),
    showPayerCode: async (
      _source: unknown,
      {
        input,
      }: Input<{
        readonly walletId: string;
        readonly subWalletId?: string | null;
        readonly limit?: MoneyInput | null;
      }>,
      context: GatewayContext,
    ) => {
      const { walletId, subWalletId, limit } = input;
      return resultOf(
        await commands.execute(
          new ShowPayerCode(context.request, {
            walletId: localId<'wallet'>('Wallet', walletId, ['input', 'walletId']),
            ...(subWalletId
              ? { subWalletId: localId<'subWallet'>('SubWallet', subWalletId, ['input', 'subWalletId']) }
              : {}),
            ...(limit ? { limit: readMoney(limit, ['input', 'limit']) } : {}),
          }),
        ),
      );
    },
    chargePayerCode: async (_source: unknown, { input }: Input<ChargeInput>, context: GatewayContext) =>
      resultOf(
        await commands.execute(
          new ChargePayerCode(context.request, {
            idempotencyKey: input.idempotencyKey,
            code: input.code,
            bills: readBillsToPay(input.bills),
            expectedTotal: readMoney(input.expectedTotal, ['input', 'expectedTotal']),
          }),
        ),
      ),
  };
}

function linkMutations(commands: Commands): NonNullable<Resolvers[string]> {
  return {
    createPaymentLink: async (_source: unknown, { input }: Input<LinkInput>, context: GatewayContext) =>
      resultOf(
        await commands.execute(
          new CreatePaymentLink(context.request, {
            idempotencyKey: input.idempotencyKey,
            organisationId: context.organisation(input.organisationId),
            bills: readBills(input.billIds, ['input', 'billIds']),
            expiresAt: input.expiresAt,
          }),
        ),
      ),
    withdrawPaymentLink: async (
      _source: unknown,
      { input }: Input<{ readonly linkId: string; readonly reason: string }>,
      context: GatewayContext,
    ) => {
      const linkId = localId<'paymentLink'>('PaymentLink', input.linkId, ['input', 'linkId']);
      const { reason } = input;
      return resultOf(await commands.execute(new WithdrawPaymentLink(context.request, { linkId, reason })));
    },
  };
}
