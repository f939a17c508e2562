import type { Money } from '../money-core/money.js';

export interface Lesson {
  readonly lessonNo: number;
  readonly status: string;
  readonly consent: string | null;
  readonly amount: Money | null;
  readonly disputeId: string | null;
}

export interface Order {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly contractId: string;
  readonly status: string;
  readonly closed: { readonly reason: string } | null;
  readonly total: Money;
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly proposedPrice: { readonly total: Money } | null;
  readonly timetable: readonly Lesson[];
}
