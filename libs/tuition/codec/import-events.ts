import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ImportId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  ErasedData,
  ErrorPolicy,
  ImportEvent,
  ImportNote,
  PreviewFigures,
  PublishFigures,
  RefusedRow,
  Requester,
} from '../domain/roster-import/index.js';

type Texts = Readonly<Record<string, string>>;

/** How the events of a roster import are stored: schemas/events/tuition. No row of the file is ever among them. */
export const importEvents = defineEvents<ImportEvent>('tuition', {
  ImportStarted: {
    version: 1,
    encode: (data) => ({
      importId: data.importId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      uploadId: data.uploadId,
      fileName: data.fileName,
      errorPolicy: data.errorPolicy,
      requester: encodeRequester(data.requester),
      startedAt: data.startedAt,
    }),
    decode: (json) => ({
      importId: importIdOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      uploadId: json['uploadId'] as string,
      fileName: json['fileName'] as string,
      errorPolicy: json['errorPolicy'] as ErrorPolicy,
      requester: json['requester'] as unknown as Requester,
      startedAt: json['startedAt'] as Instant,
    }),
  },
  ImportCheckBegun: {
    version: 1,
    encode: ({ importId, attempt }) => ({ importId, attempt }),
    decode: (json) => ({ importId: importIdOf(json), attempt: json['attempt'] as string }),
  },
  ImportProgressed: {
    version: 1,
    encode: ({ importId, phase, processed, total, figures }) => ({
      importId,
      phase,
      processed,
      total,
      figures: encodeFigures(figures),
    }),
    decode: (json) => ({
      importId: importIdOf(json),
      phase: json['phase'] as 'checking' | 'publishing',
      processed: json['processed'] as number,
      total: json['total'] as number,
      figures: json['figures'] as unknown as PublishFigures,
    }),
  },
  ImportChecked: {
    version: 1,
    encode: ({ importId, preview, notes }) => ({
      importId,
      preview: encodePreview(preview),
      notes: notes.map(({ code, details }) => ({ code, details })),
    }),
    decode: (json) => ({
      importId: importIdOf(json),
      preview: decodePreview(json['preview']),
      notes: json['notes'] as unknown as readonly ImportNote[],
    }),
  },
  ImportFailed: {
    version: 1,
    encode: ({ importId, code, message, details }) => ({ importId, code, message, details }),
    decode: (json) => ({
      importId: importIdOf(json),
      code: json['code'] as string,
      message: json['message'] as string,
      details: json['details'] as Texts,
    }),
  },
  ImportPublishRequested: {
    version: 1,
    encode: ({ importId, requester }) => ({ importId, requester: encodeRequester(requester) }),
    decode: (json) => ({ importId: importIdOf(json), requester: json['requester'] as unknown as Requester }),
  },
  ImportPublished: {
    version: 1,
    encode: ({ importId, figures, refusals, publishedAt }) => ({
      importId,
      figures: encodeFigures(figures),
      refusals: refusals.map(({ row, code }) => ({ row, code })),
      publishedAt,
    }),
    decode: (json) => ({
      importId: importIdOf(json),
      figures: json['figures'] as unknown as PublishFigures,
      refusals: json['refusals'] as unknown as readonly RefusedRow[],
      publishedAt: json['publishedAt'] as Instant,
    }),
  },
  ImportCancelled: {
    version: 1,
    encode: ({ importId }) => ({ importId }),
    decode: (json) => ({ importId: importIdOf(json) }),
  },
  ImportDataErased: {
    version: 1,
    encode: ({ importId, erased }) => ({ importId, erased }),
    decode: (json) => ({ importId: importIdOf(json), erased: json['erased'] as ErasedData }),
  },
});

function importIdOf(json: JsonObject): ImportId {
  return json['importId'] as ImportId;
}

function encodeRequester({ accountId, personId }: Requester): JsonObject {
  return { accountId, personId };
}

function encodeFigures({ issued, amended, unchanged, refused }: PublishFigures): JsonObject {
  return { issued, amended, unchanged, refused };
}

function encodePreview({ amountAdded, ...counts }: PreviewFigures): JsonObject {
  return { ...counts, amountAdded: encodeMoney(amountAdded) };
}

function decodePreview(json: Json | undefined): PreviewFigures {
  const { amountAdded, ...counts } = json as JsonObject;
  return {
    ...(counts as unknown as Omit<PreviewFigures, 'amountAdded'>),
    amountAdded: decodeMoney(amountAdded),
  };
}
