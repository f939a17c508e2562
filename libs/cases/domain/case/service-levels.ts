const HOUR_MS = 3_600_000;

export type CasePriority = 'urgent' | 'high' | 'normal';

interface ServiceLevel {
  readonly priority: CasePriority;
  /** From opening or reopening until the case is overdue, round the clock. */
  readonly dueAfterMs: number;
}

/** How fast whom has to be helped, as data. Money that may be in two places comes first. */
export const SERVICE_LEVELS = {
  complaint: { priority: 'normal', dueAfterMs: 72 * HOUR_MS },
  lateSuccess: { priority: 'high', dueAfterMs: 24 * HOUR_MS },
  contradictoryNotice: { priority: 'urgent', dueAfterMs: 4 * HOUR_MS },
  offlineDoubleSpend: { priority: 'urgent', dueAfterMs: 4 * HOUR_MS },
  offlineNotSettled: { priority: 'high', dueAfterMs: 24 * HOUR_MS },
  unknownTooLong: { priority: 'high', dueAfterMs: 8 * HOUR_MS },
  payoutUndeliverable: { priority: 'high', dueAfterMs: 24 * HOUR_MS },
  refundReturnedByBank: { priority: 'high', dueAfterMs: 48 * HOUR_MS },
} as const satisfies Readonly<Record<string, ServiceLevel>>;

export type CaseKind = keyof typeof SERVICE_LEVELS;
