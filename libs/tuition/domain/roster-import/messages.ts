import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { ImportId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';

/** `valid-rows`: publish what is right, hand back the rest. `all-or-nothing`: one bad row stops everything. */
export type ErrorPolicy = 'valid-rows' | 'all-or-nothing';

/** Who asked. The job acts in this name, after a restart too. */
export interface Requester {
  readonly accountId: string;
  readonly personId: string;
}

export interface PreviewFigures {
  readonly rows: number;
  readonly valid: number;
  readonly faulty: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly paid: number;
  readonly removed: number;
  /** To be paid by the added bills, waivers taken off. */
  readonly amountAdded: Money;
  readonly studentsAdded: number;
}

/** Something the person should know that is no fault: an ignored column, a hidden sheet. */
export interface ImportNote {
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface PublishFigures {
  readonly issued: number;
  readonly amended: number;
  readonly unchanged: number;
  readonly refused: number;
}

/** A row that passed its checks and was refused all the same, because the bill changed in between. */
export interface RefusedRow {
  readonly row: number;
  readonly code: string;
}

/** Which of the working data was deleted: the upload and the valid rows, or everything, the faulty rows included. */
export type ErasedData = 'rows' | 'all';

// --- commands --------------------------------------------------------------------------------------------------------

export interface StartImport {
  readonly kind: 'start';
  readonly importId: ImportId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly uploadId: string;
  readonly fileName: string;
  readonly errorPolicy: ErrorPolicy;
  readonly requester: Requester;
  readonly at: Instant;
}

/** A check begins, for the first time or after a crash. */
export interface BeginCheck {
  readonly kind: 'begin-check';
  /** Names the working data of this attempt. */
  readonly attempt: string;
}

export interface ReportProgress {
  readonly kind: 'report-progress';
  readonly phase: 'checking' | 'publishing';
  /** Rows done, counted from the start of the phase. */
  readonly processed: number;
  readonly total: number;
  /** So far; while publishing. */
  readonly figures: PublishFigures;
}

export interface RecordCheck {
  readonly kind: 'record-check';
  readonly attempt: string;
  readonly preview: PreviewFigures;
  readonly notes: readonly ImportNote[];
}

export interface FailImport {
  readonly kind: 'fail';
  readonly attempt: string;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface RequestPublish {
  readonly kind: 'request-publish';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly requester: Requester;
}

export interface RecordPublished {
  readonly kind: 'record-published';
  readonly figures: PublishFigures;
  readonly refusals: readonly RefusedRow[];
  readonly at: Instant;
}

export interface CancelImport {
  readonly kind: 'cancel';
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
}

export interface RecordErasure {
  readonly kind: 'record-erasure';
  readonly erased: ErasedData;
}

export type ImportCommand =
  | StartImport
  | BeginCheck
  | ReportProgress
  | RecordCheck
  | FailImport
  | RequestPublish
  | RecordPublished
  | CancelImport
  | RecordErasure;

// --- events ----------------------------------------------------------------------------------------------------------

export type ImportStarted = DomainEvent<
  'ImportStarted',
  {
    readonly importId: ImportId;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId;
    readonly uploadId: string;
    readonly fileName: string;
    readonly errorPolicy: ErrorPolicy;
    readonly requester: Requester;
    readonly startedAt: Instant;
  }
>;
export type ImportCheckBegun = DomainEvent<
  'ImportCheckBegun',
  { readonly importId: ImportId; readonly attempt: string }
>;
export type ImportProgressed = DomainEvent<
  'ImportProgressed',
  {
    readonly importId: ImportId;
    readonly phase: 'checking' | 'publishing';
    readonly processed: number;
    readonly total: number;
    readonly figures: PublishFigures;
  }
>;
export type ImportChecked = DomainEvent<
  'ImportChecked',
  { readonly importId: ImportId; readonly preview: PreviewFigures; readonly notes: readonly ImportNote[] }
>;
export type ImportFailed = DomainEvent<
  'ImportFailed',
  {
    readonly importId: ImportId;
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string>>;
  }
>;
export type ImportPublishRequested = DomainEvent<
  'ImportPublishRequested',
  { readonly importId: ImportId; readonly requester: Requester }
>;
export type ImportPublished = DomainEvent<
  'ImportPublished',
  {
    readonly importId: ImportId;
    readonly figures: PublishFigures;
    /** The first hundred. */
    readonly refusals: readonly RefusedRow[];
    readonly publishedAt: Instant;
  }
>;
export type ImportCancelled = DomainEvent<'ImportCancelled', { readonly importId: ImportId }>;
export type ImportDataErased = DomainEvent<
  'ImportDataErased',
  { readonly importId: ImportId; readonly erased: ErasedData }
>;

export type ImportEvent =
  | ImportStarted
  | ImportCheckBegun
  | ImportProgressed
  | ImportChecked
  | ImportFailed
  | ImportPublishRequested
  | ImportPublished
  | ImportCancelled
  | ImportDataErased;

/** `IMPORT_MOVED_ON`: the job reports on a phase or an attempt that is over. Never shown to a person. */
export type ImportRefusal = Rejection<
  | 'IMPORT_NOT_FOUND'
  | 'IDEMPOTENCY_CONFLICT'
  | 'IMPORT_NOT_CHECKED'
  | 'IMPORT_HAS_ERRORS'
  | 'IMPORT_CANCELLED'
  | 'IMPORT_ALREADY_PUBLISHED'
  | 'NOTHING_TO_ISSUE'
  | 'IMPORT_MOVED_ON'
>;
