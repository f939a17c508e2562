import {
  type ApprovalFilter,
  type ApprovalKind,
  type ApprovalView,
  ApprovalById,
  ApprovalsToDecide,
  DecideApproval,
} from '#libs/approvals/contract/index.js';
import { type Resolvers, connectionOf, globalId, localId, readPage, resultOf } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import type { GatewayContext } from '../context.js';
import { enumNameOf, enumValueOf } from '../enum-names.js';
import { nothingToWatch, stream, views } from '../live/resolvers.js';
import type { LiveSignals, Topic } from '../live/signals.js';
import { organisationOf } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { presentFields } from '../present-fields.js';

interface ApprovalsArgs {
  readonly filter?: {
    readonly kinds?: readonly string[] | null;
    readonly statuses?: ApprovalFilter['statuses'] | null;
  } | null;
  readonly first: number;
  readonly after?: string | null;
}

interface DecideInput {
  readonly approvalId: string;
  readonly payloadHash: string;
  readonly grant: boolean;
  readonly comment: string;
}

interface Selector {
  readonly of: { readonly approvalId?: string; readonly organisationId?: string };
}

/** Bursts of one approval become one update. */
const PAUSE_MS = 50;

function readFilter(given: ApprovalsArgs['filter']): ApprovalFilter {
  const { kinds, statuses } = presentFields(given ?? {});
  return {
    ...(kinds && { kinds: kinds.map((kind) => enumNameOf<ApprovalKind>(kind)) }),
    ...(statuses && { statuses }),
  };
}

export function approvalsResolvers(commands: Commands, queries: Queries, signals: LiveSignals): Resolvers {
  const approvalOf = (context: GatewayContext, id: string) =>
    queries.execute(new ApprovalById(context.request, asId<'approval'>(id)));
  return {
    Query: {
      approvals: async (_source: unknown, args: ApprovalsArgs, context: GatewayContext) => {
        const page = readPage(args);
        const asked = new ApprovalsToDecide(context.request, readFilter(args.filter), page);
        return connectionOf(await queries.execute(asked), page);
      },
      approval: (_source: unknown, { id }: { readonly id: string }, context: GatewayContext) =>
        approvalOf(context, localId<'approval'>('Approval', id, ['id'])),
    },
    Mutation: {
      decideApproval: async (
        _source: unknown,
        { input }: { readonly input: DecideInput },
        context: GatewayContext,
      ) => {
        const approvalId = localId<'approval'>('Approval', input.approvalId, ['input', 'approvalId']);
        return resultOf(
          await commands.execute(new DecideApproval(context.request, { ...input, approvalId })),
        );
      },
    },
    Subscription: {
      approvalUpdated: stream<Selector, ApprovalView>(async ({ of }, context) => {
        const read = (id: string) => approvalOf(context, id);
        return views(signals, { topic: await topicOf(of, context, queries), pauseMs: PAUSE_MS, read });
      }),
    },
    Approval: {
      id: (source: ApprovalView) => globalId('Approval', source.id),
      kind: (source: ApprovalView) => enumValueOf(source.kind),
      organisation: (source: ApprovalView, _args: unknown, context: GatewayContext) =>
        source.organisationId && organisationOf(queries, context, source.organisationId),
      payload: ({ payload }: ApprovalView) =>
        Object.entries(payload).map(([name, value]) => ({ name, value })),
      maker: ({ maker }: ApprovalView) => maker.accountId,
      decision: ({ decision }: ApprovalView) =>
        decision && { ...decision, checker: decision.checker.accountId },
    },
  };
}

/** What each update shows is asked again as the subscriber; here only whether there is anything to watch at all. */
async function topicOf(of: Selector['of'], context: GatewayContext, queries: Queries): Promise<Topic> {
  if (of.organisationId) {
    const organisationId = localId<'organisation'>('Organisation', of.organisationId, [
      'of',
      'organisationId',
    ]);
    const { caller } = context.request;
    const isKnown =
      mayReadOrganisation(caller, organisationId) &&
      (await queries.execute(new OrganisationById(context.request, organisationId)));
    if (!isKnown) throw nothingToWatch();
    return `approval@${organisationId}`;
  }
  const id = localId<'approval'>('Approval', of.approvalId ?? '', ['of', 'approvalId']);
  if (!(await queries.execute(new ApprovalById(context.request, id)))) throw nothingToWatch();
  return `approval:${id}`;
}
