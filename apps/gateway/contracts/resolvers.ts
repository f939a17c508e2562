import type { ContractStatus } from '#libs/contracts/contract/release-contracts.js';
import { ReleaseProofOf, VerifyReleaseProof } from '#libs/contracts/contract/proof.js';
import {
  type ContractFilter,
  type ContractView,
  ContractById,
  ContractsOf,
} from '#libs/contracts/contract/views.js';
import { type Resolvers, badInput, connectionOf, localId, readPage } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { GatewayContext } from '../context.js';
import { enumNameOf } from '../enum-names.js';
import { nothingToWatch, stream, views } from '../live/resolvers.js';
import type { LiveSignals } from '../live/signals.js';
import type { Commands, Queries } from '../own-writes.js';
import { contractFields } from './contract-fields.js';
import { contractMutations } from './mutations.js';

/** Bursts of one contract become one update. */
const PAUSE_MS = 50;

interface ContractsArgs {
  readonly filter?: {
    readonly organisationId?: string | null;
    readonly statuses?: readonly string[] | null;
    readonly templateId?: string | null;
    readonly subject?: string | null;
  } | null;
  readonly first: number;
  readonly after?: string | null;
}

function readFilter(filter: ContractsArgs['filter']): ContractFilter {
  const { organisationId, statuses, templateId, subject } = filter ?? {};
  return {
    ...(organisationId && {
      organisationId: localId<'organisation'>('Organisation', organisationId, ['filter', 'organisationId']),
    }),
    ...(statuses && { statuses: statuses.map((status) => enumNameOf<ContractStatus>(status)) }),
    ...(templateId && { templateId }),
    ...(subject && { subject }),
  };
}

export function contractsResolvers(commands: Commands, queries: Queries, signals: LiveSignals): Resolvers {
  const read = ({ request }: GatewayContext, id: string) =>
    queries.execute(new ContractById(request, asId<'contract'>(id)));
  return {
    Query: {
      ...contractQueries(queries),
      releaseContract: (_: unknown, { id }: { readonly id: string }, context: GatewayContext) =>
        read(context, localId<'contract'>('Contract', id, ['id'])),
    },
    Mutation: contractMutations(commands),
    Subscription: {
      contractUpdated: stream<{ id: string }, ContractView>(async ({ id }, context) => {
        const contractId = localId<'contract'>('Contract', id, ['id']);
        if (!(await read(context, contractId))) throw nothingToWatch();
        const topic = `contract:${contractId}` as const;
        return views(signals, { topic, pauseMs: PAUSE_MS, read: (changed) => read(context, changed) });
      }),
    },
    ...contractFields(queries),
  };
}

function contractQueries(queries: Queries): Resolvers[string] {
  return {
    releaseContracts: async (_: unknown, args: ContractsArgs, { request }: GatewayContext) => {
      const page = readPage(args);
      return connectionOf(
        await queries.execute(new ContractsOf(request, readFilter(args.filter), page)),
        page,
      );
    },
    releaseProof: async (
      _: unknown,
      args: { readonly contractId: string; readonly releaseId: string },
      { request }: GatewayContext,
    ) => {
      const contractId = localId<'contract'>('Contract', args.contractId, ['contractId']);
      const found = await queries.execute(new ReleaseProofOf(request, contractId, args.releaseId));
      if (found.accepted) {
        const { digest, headHash, revision } = found.value;
        return { document: JSON.stringify(found.value), digest, headHash, revision };
      }
      const { code, message } = found.rejection;
      if (code === 'PROOF_TOO_LARGE') throw badInput(code, message, ['releaseId']);
      return null;
    },
    verifyReleaseProof: (_: unknown, args: { readonly document: string }, { request }: GatewayContext) =>
      queries.execute(new VerifyReleaseProof(request, args.document)),
  };
}
