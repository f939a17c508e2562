/** Messages between the calling thread and its two workers. Payloads travel in buffers that change hands. */
import type { AllReadRequest, StreamListRequest, StreamReadRequest } from './engine-api.js';
import type { Failure } from './failure.js';

export interface WorkerData {
  readonly file: string;
  readonly pid: number;
  readonly maxPageCount: number | undefined;
  readonly checkedBytes: number | undefined;
  /** One Int32: 1 while the calling thread is still gathering appends of the tick whose first frames it has sent. */
  readonly gathering: SharedArrayBuffer;
}

export type ToWriter =
  | { readonly op: 'append'; readonly frame: ArrayBuffer }
  /** The checkpointing connection has moved what it could; the writer finishes the rest when that is little. */
  | { readonly op: 'checkpointed' }
  | { readonly op: 'close' };

/** Numbers per request in `outcomes`: code, revision (or the actual one of a conflict, -1 for none), position. */
export const OUTCOME_NUMBERS = 3;
export const OUTCOME_OK = 0;
export const OUTCOME_REPLAYED = 1;
export const OUTCOME_CONFLICT = 2;
export const OUTCOME_TOMBSTONED = 3;
export const OUTCOME_DELETED = 4;

export type FromWriter =
  | { readonly op: 'ready'; readonly lastPosition: number }
  | { readonly op: 'open-failed'; readonly failure: Failure }
  | {
      readonly op: 'committed';
      readonly outcomes: Float64Array<ArrayBuffer>;
      readonly lastPosition: number;
      /** The frames of the group, to be used again. */
      readonly frames: readonly ArrayBuffer[];
      /** Pages in the write-ahead log when it is time to move them, else 0. */
      readonly walPages: number;
    }
  | {
      readonly op: 'failed';
      readonly failure: Failure;
      /** Requests of the group; `unknown` when it was the commit itself that failed. */
      readonly requests: number;
      readonly stored: 'no' | 'unknown';
    }
  | { readonly op: 'closed' };

export type ReadQuery =
  | { readonly kind: 'stream'; readonly request: StreamReadRequest; readonly nowMs: number }
  | { readonly kind: 'all'; readonly request: AllReadRequest }
  | { readonly kind: 'event'; readonly stream: string; readonly revision: number }
  | { readonly kind: 'streams'; readonly request: StreamListRequest };

export type ToReader =
  | { readonly op: 'read'; readonly id: number; readonly query: ReadQuery }
  | { readonly op: 'checkpoint' }
  | { readonly op: 'close' };

/** Events of a page: names once each, places in `index` (stream, type, offset, length per event), records in `records`. */
export interface PageFrame {
  readonly streams: readonly string[];
  readonly types: readonly string[];
  readonly index: Uint32Array<ArrayBuffer>;
  readonly records: ArrayBuffer;
}
export const INDEX_NUMBERS = 4;

export type ReadAnswer =
  | {
      readonly kind: 'page';
      readonly frame: PageFrame;
      readonly next: number | undefined;
      readonly lastRevision: number;
    }
  | {
      readonly kind: 'all';
      readonly frame: PageFrame;
      readonly next: number | undefined;
      readonly scannedTo: number;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'tombstoned' }
  | {
      readonly kind: 'streams';
      readonly entries: readonly { readonly stream: string; readonly cursor: number }[];
    };

export type FromReader =
  | { readonly op: 'ready' }
  | { readonly op: 'open-failed'; readonly failure: Failure }
  | { readonly op: 'answer'; readonly id: number; readonly answer: ReadAnswer }
  | { readonly op: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly op: 'checkpointed' }
  | { readonly op: 'closed' };
