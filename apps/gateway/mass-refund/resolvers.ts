import {
  CloseInstitution,
  MassRefundById,
  MassRefundsOf,
  type MassRefundStatus,
  type MassRefundView,
} from '#libs/contracts/contract/mass-refund.js';
import { type Resolvers, connectionOf, globalId, localId, readPage, resultOf } from '#libs/graphql/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import { organisationField } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';

interface CloseInput {
  readonly idempotencyKey: string;
  readonly organisationId: string;
  readonly reason: string;
}

/** In the words of a Job. */
const JOB_STATES = {
  REQUESTED: 'CHECKED',
  DECLINED: 'CANCELLED',
  RUNNING: 'PUBLISHING',
  COMPLETED: 'PUBLISHED',
} as const satisfies Record<MassRefundStatus, string>;

/** Winding up every live contract of an institution that has failed. */
export function massRefundResolvers(commands: Commands, queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: {
      massRefunds: async (
        _source: unknown,
        args: { readonly first: number; readonly after?: string | null },
        { request }: GatewayContext,
      ) => {
        const page = readPage(args);
        return connectionOf(await queries.execute(new MassRefundsOf(request, page)), page);
      },
      massRefund: (_source: unknown, { id }: { readonly id: string }, { request }: GatewayContext) =>
        queries.execute(new MassRefundById(request, localId<'massRefund'>('MassRefund', id, ['id']))),
    },
    Mutation: {
      closeInstitution: async (
        _source: unknown,
        { input }: { readonly input: CloseInput },
        { request }: GatewayContext,
      ) => {
        const path = ['input', 'organisationId'];
        const organisationId = localId<'organisation'>('Organisation', input.organisationId, path);
        return resultOf(await commands.execute(new CloseInstitution(request, { ...input, organisationId })));
      },
    },
    MassRefund: {
      id: (source: MassRefundView) => globalId('MassRefund', source.id),
      organisation: organisationField(queries),
      authorityId: ({ authorityId }: MassRefundView) => authorityId && globalId('Organisation', authorityId),
      approvalId: (source: MassRefundView) => globalId('Approval', source.approvalId),
      state: ({ status }: MassRefundView) => JOB_STATES[status],
      total: ({ contracts }: MassRefundView) => contracts,
      rowErrors: ({ left }: MassRefundView) => left,
      resultUrl: ({ id, processed }: MassRefundView, _args: unknown, context: GatewayContext) =>
        processed > 0
          ? links.massRefundReport(id, { caller: context.request.caller, language: context.language })
          : undefined,
    },
  };
}
