import type { Instant } from '#libs/kernel/time/index.js';
import type { Person, RequestContent, VoidCause } from './messages.js';

export interface Decision {
  readonly granted: boolean;
  readonly checker: Person;
  readonly comment: string;
  readonly decidedAt: Instant;
}

/** The request as it stands, and what must be remembered of earlier payloads. */
interface Request extends RequestContent {
  /** Every request ever taken: a late repeat of one is told from a new edit by it. */
  readonly asked: readonly { readonly payloadHash: string; readonly requestedAt: Instant }[];
  /** Who has decided on which payload; nobody decides on the same one twice, also when an edit comes back to it. */
  readonly decidedBy: readonly { readonly payloadHash: string; readonly personId: string }[];
}

export type KnownApproval = Request &
  (
    | { readonly status: 'pending' }
    | { readonly status: 'granted' | 'declined'; readonly decision: Decision }
    | { readonly status: 'void'; readonly cause: VoidCause; readonly decision?: Decision }
    | { readonly status: 'used'; readonly decision: Decision; readonly useId: string }
  );

export type ApprovalState = { readonly status: 'absent' } | KnownApproval;
