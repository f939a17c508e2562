import type { Caller } from './caller.js';

/** Who asks and under which trace; the first argument of every command and query. */
export interface RequestContext {
  readonly caller: Caller;
  readonly correlationId: string;
}
