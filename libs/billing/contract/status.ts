import type { BillStatus } from './views.js';

/** The public name of every status of the domain. */
export const BILL_STATUS = {
  issued: 'ISSUED',
  partiallyPaid: 'PARTIALLY_PAID',
  paid: 'PAID',
  partiallyRefunded: 'PARTIALLY_REFUNDED',
  refunded: 'REFUNDED',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
  writtenOff: 'WRITTEN_OFF',
} as const satisfies Readonly<Record<string, BillStatus>>;
