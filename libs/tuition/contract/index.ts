/** What other contexts and the gateway may see of tuition. */
import { Command, Query } from '@nestjs/cqrs';
import type { BillId, ImportId, OrganisationId, StudentId } from '#libs/kernel/ids/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Page, PageRequest } from '#libs/views/port/index.js';

// --- roster import -----------------------------------------------------------------------------------------------------

/** `valid-rows`: publish what is right, hand back the rest. `all-or-nothing`: one bad row stops everything. */
export type ErrorPolicy = 'valid-rows' | 'all-or-nothing';

export type ImportState = 'CHECKING' | 'CHECKED' | 'PUBLISHING' | 'PUBLISHED' | 'CANCELLED' | 'FAILED';

export interface RowError {
  /** 1-based row of the sheet as a person sees it, the header being row 1. */
  readonly row: number;
  /** Header of the column as it stands in the file. */
  readonly column: string;
  readonly value: string;
  /** Stable, translated by the gateway: `IMPORT_AMOUNT_INVALID`. */
  readonly code: string;
  /** English; what the person reads is looked up by `code` and filled in with `details`. */
  readonly message: string;
  /** Figures of the message, e.g. the row that has the same bill. Never personal data. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Something the person should know that is no fault: `COLUMNS_IGNORED`, `HIDDEN_SHEETS_IGNORED`, `CHECK_DIGITS_WRONG`. */
export interface ImportNote {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
}

export interface ImportView {
  readonly id: ImportId;
  readonly organisationId: OrganisationId;
  readonly fileName: string;
  readonly state: ImportState;
  readonly errorPolicy: ErrorPolicy;
  readonly startedAt: Instant;
  /** Present from CHECKED on. */
  readonly preview?: ImportPreview;
  /** Present with the preview. */
  readonly notes?: readonly ImportNote[];
  /** Rows of the phase under way; `total` is 0 while it is not yet known. */
  readonly processed: number;
  readonly total: number;
  readonly result?: {
    readonly issued: number;
    readonly amended: number;
    readonly unchanged: number;
    readonly refused: number;
  };
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface ImportPreview {
  readonly rows: number;
  readonly valid: number;
  readonly faulty: number;
  /** The diff against the bills as they are now. */
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Rows whose bill is already (partly) paid and differs: never touched. */
  readonly paid: number;
  /** Bills of the same year, term and fee items that the file no longer has; shown, never deleted. */
  readonly removed: number;
  /** To be paid by the added bills, waivers taken off. */
  readonly amountAdded: Money;
  readonly studentsAdded: number;
}

/** What is to be paid before and after, waivers taken off; they may be equal when only the due date or a name changes. */
export interface ImportDiffRow {
  /** 0 for `removed`, which the file does not have. */
  readonly row: number;
  readonly kind: 'added' | 'changed' | 'unchanged' | 'paid' | 'removed';
  readonly billId: BillId;
  readonly studentNo: string;
  readonly name: string;
  readonly feeItem: string;
  readonly before?: Money;
  readonly after?: Money;
}

/** Announces a file; the gateway answers with a signed PUT URL for `uploadId`. Role `bursar`. */
export class AnnounceUpload extends Command<
  Outcome<
    { readonly uploadId: string; readonly maxBytes: number },
    Rejection<'FORBIDDEN' | 'UNSUPPORTED_FILE'>
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly organisationId: OrganisationId; readonly fileName: string },
  ) {
    super();
  }
}

/** Starts reading and checking an uploaded file; a Job. The preview is ready when the state is CHECKED. */
export class StartImport extends Command<
  Outcome<ImportView, Rejection<'FORBIDDEN' | 'UPLOAD_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly input: {
      readonly idempotencyKey: string;
      readonly uploadId: string;
      readonly errorPolicy: ErrorPolicy;
    },
  ) {
    super();
  }
}

export type PublishImportRejection = Rejection<
  | 'FORBIDDEN'
  | 'IMPORT_NOT_FOUND'
  | 'IMPORT_NOT_CHECKED'
  | 'IMPORT_HAS_ERRORS'
  | 'IMPORT_CANCELLED'
  | 'NOTHING_TO_ISSUE'
>;

/** GraphQL `issueBills`: turns the checked rows into students and bills; a Job that a restart resumes. Idempotent. */
export class PublishImport extends Command<Outcome<ImportView, PublishImportRejection>> {
  constructor(
    readonly context: RequestContext,
    readonly input: { readonly idempotencyKey: string; readonly importId: ImportId },
  ) {
    super();
  }
}

export class CancelImport extends Command<
  Outcome<ImportView, Rejection<'FORBIDDEN' | 'IMPORT_NOT_FOUND' | 'IMPORT_ALREADY_PUBLISHED'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly importId: ImportId,
  ) {
    super();
  }
}

export class ImportById extends Query<ImportView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ImportId,
  ) {
    super();
  }
}

export class ImportsOf extends Query<Page<ImportView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class ImportRowErrors extends Query<Page<RowError> | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ImportId,
    readonly page: PageRequest,
  ) {
    super();
  }
}

export class ImportDiff extends Query<Page<ImportDiffRow> | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly id: ImportId,
    readonly kinds: readonly ImportDiffRow['kind'][],
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** The faulty rows as an .xlsx with 错误信息, ready to be corrected and uploaded again. `undefined`: no such import, or no faults. */
export class ImportErrorWorkbook extends Query<
  { readonly fileName: string; readonly content: Uint8Array } | undefined
> {
  constructor(
    readonly context: RequestContext,
    readonly id: ImportId,
  ) {
    super();
  }
}

// --- students ----------------------------------------------------------------------------------------------------------

export interface StudentView {
  readonly id: StudentId;
  readonly organisationId: OrganisationId;
  readonly studentNo: string;
  /** null once erased. */
  readonly name: string | null;
  readonly grade: string;
  readonly className: string;
}

export class StudentsOf extends Query<Page<StudentView>> {
  constructor(
    readonly context: RequestContext,
    readonly organisationId: OrganisationId,
    readonly search: string | undefined,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** Role `bursar`: destroys the key of a student's personal data, everywhere and for good. Balances stay. */
export class EraseStudentData extends Command<
  Outcome<StudentView, Rejection<'FORBIDDEN' | 'STUDENT_NOT_FOUND'>>
> {
  constructor(
    readonly context: RequestContext,
    readonly studentId: StudentId,
  ) {
    super();
  }
}
