import { reject } from '#libs/kernel/decider/index.js';
import type { BillId } from '#libs/kernel/ids/index.js';
import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import type { BillRefusal } from './messages.js';

const MESSAGES: Readonly<Record<BillRefusal['code'], string>> = {
  INVALID_BILL: 'The bill cannot be issued like this.',
  BILL_NOT_FOUND: 'There is no such bill.',
  BILL_ALREADY_PAID: 'The bill is paid already.',
  BILL_CANCELLED: 'The bill was cancelled.',
  BILL_RESERVED: 'Another payment is under way on this bill.',
  AMOUNT_EXCEEDS_OUTSTANDING: 'The amount exceeds what is outstanding on the bill.',
  PARTIAL_NOT_ALLOWED: 'The bill cannot be paid in part like this.',
  BILL_EXPIRED: 'The bill has expired.',
  BILL_WRITTEN_OFF: 'The bill was written off.',
  QUOTE_STALE: 'The bill is no longer what the quote was given for.',
  PAYMENT_ENDED: 'The payment has ended and can reserve nothing any more.',
  NOT_RESERVED: 'The payment has not reserved this amount.',
  NOT_ALLOCATED: 'The payment has not paid this amount here.',
  UNKNOWN_FEE_ITEM: 'The bill has no such item.',
  IDEMPOTENCY_CONFLICT: 'The key was used with another input.',
  WRITE_OFF_PENDING: 'A write-off of the bill waits for approval.',
};

/** The bill's id travels along only where the caller may know the bill. */
export function refuse(
  code: BillRefusal['code'],
  billId?: BillId,
  figures: Readonly<Record<string, Money>> = {},
): { readonly accepted: false; readonly rejection: BillRefusal } {
  if (billId === undefined) return reject({ code, message: MESSAGES[code] });
  const details: Record<string, string> = { billId };
  for (const [name, figure] of Object.entries(figures)) details[name] = formatDecimal(figure);
  return reject({ code, message: MESSAGES[code], details });
}

export function invalid(path: readonly string[], message: string): ReturnType<typeof reject<BillRefusal>> {
  return reject<BillRefusal>({ code: 'INVALID_BILL', message, path });
}
