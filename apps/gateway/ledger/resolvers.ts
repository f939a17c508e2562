import {
  type Connection,
  type Resolvers,
  connectionOf,
  protocolError,
  readPage,
} from '#libs/graphql/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  AccountBalances,
  AccountStatement,
  type AccountStatementView,
  AsOfNotProjected,
  type StatementLine,
  TrialBalance,
} from '#libs/ledger/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import type { Queries } from '../own-writes.js';
import { presentFields } from '../present-fields.js';
import { statementId } from './statement-csv.js';

interface Paging {
  readonly first: number;
  readonly after?: string | null;
}

interface BalancesArgs extends Paging {
  readonly prefix: string;
  readonly asOf?: Instant | null;
}

interface StatementArgs extends Paging {
  readonly account: string;
  readonly from?: Instant | null;
  readonly to?: Instant | null;
}

interface Statement extends Omit<AccountStatementView, 'lines'> {
  readonly lines: Connection<StatementLine>;
  readonly period: { readonly from?: Instant; readonly to?: Instant };
}

/** The refusal of a moment says which moment could be answered. */
async function answered<Answer>(asked: Promise<Answer>, field: string): Promise<Answer> {
  try {
    return await asked;
  } catch (fault) {
    if (!(fault instanceof AsOfNotProjected)) throw fault;
    const { asOf, projectedUntil = null } = fault;
    const extensions = { asOf, projectedUntil, inputPath: [field] };
    throw protocolError('AS_OF_NOT_PROJECTED', fault.message, extensions);
  }
}

export function ledgerResolvers(queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: {
      trialBalance: (
        _source: unknown,
        { asOf }: { readonly asOf?: Instant | null },
        { request }: GatewayContext,
      ) => answered(queries.execute(new TrialBalance(request, asOf ?? undefined)), 'asOf'),
      accountBalances: async (_source: unknown, args: BalancesArgs, { request }: GatewayContext) => {
        const page = readPage(args);
        const { prefix, asOf } = presentFields(args);
        const query = new AccountBalances(request, { prefix, page, ...(asOf === undefined ? {} : { asOf }) });
        return connectionOf(await answered(queries.execute(query), 'asOf'), page);
      },
      accountStatement: async (
        _source: unknown,
        args: StatementArgs,
        { request }: GatewayContext,
      ): Promise<Statement | undefined> => {
        const page = readPage(args);
        const { account, from, to } = presentFields(args);
        const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        const view = await answered(
          queries.execute(new AccountStatement(request, { account, ...period, page })),
          'to',
        );
        return view && { ...view, lines: connectionOf(view.lines, page), period };
      },
    },
    AccountStatement: {
      csvUrl: ({ account, period }: Statement, _args: unknown, { request, language }: GatewayContext) =>
        links.statement(statementId({ account, ...period }), { caller: request.caller, language }),
    },
  };
}
