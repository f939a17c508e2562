import type { ImportId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  ErasedData,
  ErrorPolicy,
  ImportNote,
  PreviewFigures,
  PublishFigures,
  Requester,
} from './messages.js';

interface About {
  readonly importId: ImportId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly uploadId: string;
  readonly fileName: string;
  readonly errorPolicy: ErrorPolicy;
  readonly requester: Requester;
  readonly startedAt: Instant;
  /** Every attempt at checking, the last one being the one that counts. Names working data that may lie around. */
  readonly attempts: readonly string[];
  readonly erased: ErasedData | 'nothing';
}

interface Checked {
  readonly preview: PreviewFigures;
  readonly notes: readonly ImportNote[];
}

export type CheckingImport = About & {
  readonly status: 'checking';
  readonly processed: number;
  readonly total: number;
};
export type CheckedImport = About & Checked & { readonly status: 'checked' };
export type PublishingImport = About &
  Checked & {
    readonly status: 'publishing';
    readonly publisher: Requester;
    readonly processed: number;
    readonly total: number;
    readonly figures: PublishFigures;
  };
export type PublishedImport = About &
  Checked & { readonly status: 'published'; readonly figures: PublishFigures; readonly publishedAt: Instant };
export type CancelledImport = About & {
  readonly status: 'cancelled';
  readonly preview?: PreviewFigures;
  readonly notes?: readonly ImportNote[];
};
export type FailedImport = About & {
  readonly status: 'failed';
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string>>;
  };
};

export type LiveImport =
  CheckingImport | CheckedImport | PublishingImport | PublishedImport | CancelledImport | FailedImport;

export type ImportState = { readonly status: 'absent' } | LiveImport;

export const NO_FIGURES: PublishFigures = { issued: 0, amended: 0, unchanged: 0, refused: 0 };

/** The working data that counts. */
export function currentAttempt(state: LiveImport): string | undefined {
  return state.attempts.at(-1);
}
