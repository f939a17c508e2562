import type { Instant } from '#libs/kernel/time/index.js';
import type { CloseReason, LessonTime, OrderFacts } from './messages.js';

export interface Lesson extends LessonTime {
  readonly status: 'scheduled' | 'missed' | 'delivered';
  /** How often it has been handed to the contract, refusals included. */
  readonly attempts: number;
  readonly deliveredAt: Instant | null;
  readonly deliveredBy: string | null;
}

export interface ProposedPrice {
  readonly amendmentId: string;
  readonly total: bigint;
  readonly reason: string;
  readonly proposedBy: string;
}

export interface KnownOrder extends OrderFacts {
  readonly status: 'open' | 'withdrawn' | 'closed';
  /** By number; those without a time are missing. At most 48. */
  readonly times: ReadonlyMap<number, Lesson>;
  readonly withdrawals: number;
  readonly proposal: ProposedPrice | null;
  readonly closed: { readonly reason: CloseReason; readonly code: string | null } | null;
}

export type CourseOrderState = { readonly status: 'absent' } | KnownOrder;
