import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Direction, LogEngine } from '#libs/event-log/sqlite/engine-api.js';
import type { Outgoing } from '../services/outgoing.js';

/** What every read and subscription needs to know beside its source. */
export interface ReadContext {
  readonly engine: LogEngine;
  readonly out: Outgoing<ReadResp>;
  readonly resolveLinks: boolean;
  readonly structuredUuids: boolean;
  /** The client asked for stream positions at the end of a read (`ControlOption.compatibility` ≥ 1). */
  readonly positions: boolean;
}

/** Where a read begins (inclusive) or a subscription resumes (exclusive). */
export type From = number | 'start' | 'end';

export interface Bounds {
  readonly direction: Direction;
  readonly from: From;
  /** Events at most. */
  readonly count: number;
}
