import type { LocalDate } from '#libs/kernel/time/index.js';
import type { MandateId } from './messages.js';

export interface DueMandate {
  readonly mandateId: MandateId;
  readonly due: LocalDate;
}

/** Mandates that have something to pay, as far as the projection has read the log. */
export interface DueMandates {
  /** Active ones whose next run is on the day or before, longest due first; the page after one, in the same order. */
  on(day: LocalDate, limit: number, after?: DueMandate): Promise<readonly DueMandate[]>;
}

/** Injection token of `DueMandates`. */
export const DUE_MANDATES = Symbol('DUE_MANDATES');
