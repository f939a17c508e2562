import type { Resolvers } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { type ReceiptVerification, type ReceiptView, VerifyReceipt } from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import type { Queries } from '../own-writes.js';

interface VerifyArgs {
  readonly organisationCode: string;
  readonly code: string;
}

export function receiptsResolvers(queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: {
      verifyReceipt: (
        _source: unknown,
        { organisationCode, code }: VerifyArgs,
        context: GatewayContext,
      ): Promise<ReceiptVerification | undefined> => {
        context.takePublicTurn();
        return queries.execute(new VerifyReceipt(code, asId<'organisation'>(organisationCode.slice(0, 80))));
      },
    },
    Receipt: {
      slipUrl: (source: ReceiptView, _args: unknown, { request, language }: GatewayContext) =>
        links.slip(source.id, { caller: request.caller, language }),
    },
    ReceiptVerification: {
      organisationName: (
        { organisation }: ReceiptVerification,
        _args: unknown,
        { language }: GatewayContext,
      ) => (language === 'zh-CN' ? organisation.nameZh : organisation.nameEn),
    },
  };
}
