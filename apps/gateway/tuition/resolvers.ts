import type { Commands, Queries } from '../own-writes.js';
import { type Resolvers, connectionOf, globalId, localId, readPage, resultOf } from '#libs/graphql/index.js';
import { sentenceOf } from '#libs/tuition/application/i18n/index.js';
import {
  AnnounceUpload,
  CancelImport,
  EraseStudentData,
  type ErrorPolicy,
  ImportById,
  ImportDiff,
  type ImportDiffRow,
  ImportRowErrors,
  type ImportView,
  ImportsOf,
  PublishImport,
  StartImport,
  type StudentView,
  StudentsOf,
} from '#libs/tuition/contract/index.js';
import type { GatewayContext } from '../context.js';
import type { SignedLinks } from '../files/signed-links.js';
import { organisationField } from '../onboarding/resolvers.js';

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
}
type Input<Content> = { readonly input: Content };

const POLICIES = { VALID_ROWS: 'valid-rows', ALL_OR_NOTHING: 'all-or-nothing' } as const satisfies Record<
  string,
  ErrorPolicy
>;
const ALL_KINDS: readonly ImportDiffRow['kind'][] = ['added', 'changed', 'unchanged', 'paid', 'removed'];

interface Explained {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** In the reader's language; the sentences are the ones of the error workbook. */
function message(
  { code, message: written, details }: Explained,
  _args: unknown,
  { language }: GatewayContext,
): string {
  const sentence = sentenceOf(code, details, language);
  return sentence === code ? written : sentence;
}

export function tuitionResolvers(commands: Commands, queries: Queries, links: SignedLinks): Resolvers {
  return {
    Query: tuitionQueries(queries),
    Mutation: { ...importMutations(commands, links), ...endingMutations(commands) },
    Import: importFields(queries, links),
    ImportDiffRow: {
      kind: (source: ImportDiffRow) => source.kind.toUpperCase(),
      billId: (source: ImportDiffRow) => globalId('Bill', source.billId),
    },
    RowError: { message },
    ImportNote: { message },
    ImportFailure: { message },
    Student: {
      id: (source: StudentView) => globalId('Student', source.id),
      organisation: organisationField(queries),
    },
  };
}

function tuitionQueries(queries: Queries): Resolvers[string] {
  return {
    imports: async (
      _source: unknown,
      args: PageArgs & { readonly organisationId?: string | null },
      context: GatewayContext,
    ) => {
      const page = readPage(args);
      return connectionOf(
        await queries.execute(
          new ImportsOf(context.request, context.organisation(args.organisationId), page),
        ),
        page,
      );
    },
    import: (_source: unknown, args: { readonly id: string }, context: GatewayContext) =>
      queries.execute(new ImportById(context.request, localId<'import'>('Import', args.id, ['id']))),
    students: async (
      _source: unknown,
      args: PageArgs & { readonly organisationId?: string | null; readonly search?: string | null },
      context: GatewayContext,
    ) => {
      const page = readPage(args);
      const organisationId = context.organisation(args.organisationId);
      return connectionOf(
        await queries.execute(
          new StudentsOf(context.request, organisationId, args.search ?? undefined, page),
        ),
        page,
      );
    },
  };
}

function importFields(queries: Queries, links: SignedLinks): Resolvers[string] {
  const rowErrors = (source: ImportView): number =>
    (source.preview?.faulty ?? 0) + (source.result?.refused ?? 0);
  const errorWorkbookUrl = (source: ImportView, _args: unknown, context: GatewayContext) =>
    rowErrors(source) > 0
      ? links.errorWorkbook(source.id, { caller: context.request.caller, language: context.language })
      : undefined;
  return {
    id: (source: ImportView) => globalId('Import', source.id),
    organisation: organisationField(queries),
    errorPolicy: (source: ImportView) =>
      source.errorPolicy === 'valid-rows' ? 'VALID_ROWS' : 'ALL_OR_NOTHING',
    rowErrors,
    notes: (source: ImportView) => source.notes ?? [],
    resultUrl: errorWorkbookUrl,
    errorWorkbookUrl,
    diff: async (
      source: ImportView,
      args: PageArgs & { readonly kinds?: readonly string[] | null },
      context: GatewayContext,
    ) => {
      const page = readPage(args);
      const kinds = args.kinds
        ? ALL_KINDS.filter((kind) => args.kinds?.includes(kind.toUpperCase()))
        : ALL_KINDS;
      const found = await queries.execute(new ImportDiff(context.request, source.id, kinds, page));
      return found && connectionOf(found, page);
    },
    errors: async (source: ImportView, args: PageArgs, context: GatewayContext) => {
      const page = readPage(args);
      const found = await queries.execute(new ImportRowErrors(context.request, source.id, page));
      return found && connectionOf(found, page);
    },
  };
}

function importMutations(commands: Commands, links: SignedLinks): Resolvers[string] {
  return {
    createUpload: async (
      _source: unknown,
      { input }: Input<{ readonly organisationId?: string | null; readonly fileName: string }>,
      context: GatewayContext,
    ) => {
      const organisationId = context.organisation(input.organisationId);
      const outcome = await commands.execute(
        new AnnounceUpload(context.request, { organisationId, fileName: input.fileName }),
      );
      if (!outcome.accepted) return resultOf(outcome);
      const { uploadId, maxBytes } = outcome.value;
      return { id: globalId('Upload', uploadId), maxBytes, ...links.upload(uploadId, maxBytes) };
    },
    startImport: async (
      _source: unknown,
      {
        input,
      }: Input<{
        readonly idempotencyKey: string;
        readonly uploadId: string;
        readonly errorPolicy: keyof typeof POLICIES;
      }>,
      context: GatewayContext,
    ) => {
      const uploadId = localId<'upload'>('Upload', input.uploadId, ['input', 'uploadId']);
      const errorPolicy = POLICIES[input.errorPolicy];
      return resultOf(
        await commands.execute(
          new StartImport(context.request, { idempotencyKey: input.idempotencyKey, uploadId, errorPolicy }),
        ),
      );
    },
    issueBills: async (
      _source: unknown,
      { input }: Input<{ readonly idempotencyKey: string; readonly importId: string }>,
      context: GatewayContext,
    ) => {
      const importId = localId<'import'>('Import', input.importId, ['input', 'importId']);
      return resultOf(
        await commands.execute(
          new PublishImport(context.request, { idempotencyKey: input.idempotencyKey, importId }),
        ),
      );
    },
  };
}

/** What takes something back. */
function endingMutations(commands: Commands): Resolvers[string] {
  return {
    cancelImport: async (
      _source: unknown,
      { input }: Input<{ readonly importId: string }>,
      context: GatewayContext,
    ) =>
      resultOf(
        await commands.execute(
          new CancelImport(
            context.request,
            localId<'import'>('Import', input.importId, ['input', 'importId']),
          ),
        ),
      ),
    eraseStudentData: async (
      _source: unknown,
      { input }: Input<{ readonly studentId: string }>,
      context: GatewayContext,
    ) =>
      resultOf(
        await commands.execute(
          new EraseStudentData(
            context.request,
            localId<'student'>('Student', input.studentId, ['input', 'studentId']),
          ),
        ),
      ),
  };
}
