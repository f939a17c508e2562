import {
  type CaseFilter,
  type CaseHistoryEntry,
  type CaseKind,
  type CaseView,
  AssignCase,
  CaseById,
  CaseHistory,
  CasesOf,
  type ComplaintAbout,
  NoteCase,
  OpenComplaint,
  ReopenCase,
  ResolveCase,
} from '#libs/cases/contract/index.js';
import { type Resolvers, connectionOf, globalId, localId, readPage, resultOf } from '#libs/graphql/index.js';
import type { GatewayContext } from '../context.js';
import { enumNameOf, enumValueOf } from '../enum-names.js';
import { translate } from '../i18n/index.js';
import { organisationOf } from '../onboarding/resolvers.js';
import type { Commands, Queries } from '../own-writes.js';
import { presentFields } from '../present-fields.js';

type Input<Content> = { readonly input: Content };

interface CasesArgs {
  readonly filter?: {
    readonly kinds?: readonly string[] | null;
    readonly statuses?: CaseFilter['statuses'] | null;
    readonly overdue?: boolean | null;
    readonly owner?: string | null;
  } | null;
  readonly first: number;
  readonly after?: string | null;
}

interface ComplaintInput {
  readonly idempotencyKey: string;
  readonly about: {
    readonly paymentId?: string;
    readonly bill?: {
      readonly billId: string;
      readonly organisationId?: string | null;
      readonly payerNumber?: string | null;
      readonly payerName?: string | null;
    };
  };
  readonly text: string;
}

interface ActInput {
  readonly idempotencyKey: string;
  readonly caseId: string;
  readonly text: string;
}

type AssignInput = Omit<ActInput, 'text'> & { readonly owner?: string | null };

export function casesResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: casesQueries(queries),
    Mutation: casesMutations(commands),
    Case: {
      id: (source: CaseView) => globalId('Case', source.id),
      kind: (source: CaseView) => enumValueOf(source.kind),
      priority: (source: CaseView) => source.priority.toUpperCase(),
      organisation: (source: CaseView, _args: unknown, context: GatewayContext) =>
        source.organisationId && organisationOf(queries, context, source.organisationId),
      paymentId: ({ subject }: CaseView) => idBehind(subject, 'payment', 'Payment'),
      billId: ({ subject }: CaseView) => idBehind(subject, 'bill', 'Bill'),
      facts: factsOf,
      history: (source: CaseView, _args: unknown, context: GatewayContext) =>
        queries.execute(new CaseHistory(context.request, source.id)),
    },
    CaseHistoryEntry: {
      message: (source: CaseHistoryEntry, _args: unknown, context: GatewayContext) =>
        translate(context.language, {
          key: source.messageKey,
          fallback: source.type,
          details: source.details,
        }),
      facts: factsOf,
    },
  };
}

function casesQueries(queries: Queries): Resolvers[string] {
  return {
    cases: async (_source: unknown, args: CasesArgs, context: GatewayContext) => {
      const page = readPage(args);
      const filter = readFilter(args.filter);
      return connectionOf(await queries.execute(new CasesOf(context.request, filter, page)), page);
    },
    case: (_source: unknown, { id }: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new CaseById(context.request, localId<'case'>('Case', id, ['id']))),
  };
}

function casesMutations(commands: Commands): Resolvers[string] {
  const textAct =
    (Act: typeof NoteCase | typeof ResolveCase | typeof ReopenCase) =>
    async (_source: unknown, { input }: Input<ActInput>, context: GatewayContext) =>
      resultOf(await commands.execute(new Act(context.request, { ...input, caseId: caseIdOf(input) })));
  return {
    openComplaint: async (_source: unknown, { input }: Input<ComplaintInput>, context: GatewayContext) => {
      const { idempotencyKey, text } = input;
      const about = readAbout(input.about);
      return resultOf(
        await commands.execute(new OpenComplaint(context.request, { idempotencyKey, about, text })),
      );
    },
    assignCase: async (_source: unknown, { input }: Input<AssignInput>, context: GatewayContext) => {
      const { idempotencyKey, owner } = input;
      const given = owner === null || owner === undefined ? {} : { owner };
      const asked = { idempotencyKey, caseId: caseIdOf(input), ...given };
      return resultOf(await commands.execute(new AssignCase(context.request, asked)));
    },
    noteCase: textAct(NoteCase),
    resolveCase: textAct(ResolveCase),
    reopenCase: textAct(ReopenCase),
  };
}

function caseIdOf({ caseId }: { readonly caseId: string }) {
  return localId<'case'>('Case', caseId, ['input', 'caseId']);
}

function readAbout({ paymentId, bill }: ComplaintInput['about']): ComplaintAbout {
  const path = ['input', 'about'];
  if (paymentId !== undefined) return { paymentId: localId<'payment'>('Payment', paymentId, path) };
  // @oneOf: exactly one of the two is given.
  const { billId, organisationId, ...named } = presentFields(bill!);
  return {
    billId: localId<'bill'>('Bill', billId, path),
    ...(organisationId
      ? { organisationId: localId<'organisation'>('Organisation', organisationId, path) }
      : {}),
    ...named,
  };
}

function readFilter(given: CasesArgs['filter']): CaseFilter {
  const { kinds, ...rest } = presentFields(given ?? {});
  return { ...rest, ...(kinds && { kinds: kinds.map((kind) => enumNameOf<CaseKind>(kind)) }) };
}

function idBehind(subject: string, category: string, kind: 'Payment' | 'Bill'): string | undefined {
  const prefix = `${category}-`;
  return subject.startsWith(prefix) ? globalId(kind, subject.slice(prefix.length)) : undefined;
}

function factsOf({ facts }: { readonly facts: Readonly<Record<string, string>> }) {
  return Object.entries(facts).map(([name, value]) => ({ name, value }));
}
