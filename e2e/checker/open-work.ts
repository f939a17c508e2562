/** What is not at its end yet, and why. */
import type { Folds } from './folds.js';
import { parseObject, textOf, UnreadableInput } from './export.js';

export interface OpenWork {
  /** `payment-…`, `refund-…`, `transfer-…`. */
  readonly id: string;
  readonly status: string;
  /** Whom it waits for; undefined when nobody has said. */
  readonly reason: string | undefined;
}

/** Reasons by id, as the product gives them: `{"id":"payment-…","reason":"…"}`, one per line. */
export async function readReasons(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line === '') continue;
    const { id, reason } = parseObject(line, lineNumber);
    if (typeof id !== 'string') throw new UnreadableInput(`Line ${lineNumber} names nothing that is open.`);
    if (textOf(reason) !== '') reasons.set(id, textOf(reason));
  }
  return reasons;
}

const TERMINAL_PAYMENTS = new Set(['captured', 'failed']);
const TERMINAL_TRANSFERS = new Set(['completed', 'failed', 'givenBack']);
/** A person hands the money out, or says that the terminal or the bank of the cheque has given it back. */
const BY_HAND = new Set(['cash', 'cheque', 'pos', 'offline']);

/** Whatever is not terminal, with the reason that follows from the log itself, or the product's own. */
export function openWorkOf(
  { payments, refunds, transfers, cases, hardWallets }: Folds,
  reasons: ReadonlyMap<string, string>,
): readonly OpenWork[] {
  const open: OpenWork[] = [];
  const add = (id: string, status: string, own?: string): void =>
    void open.push({ id, status, reason: own ?? reasons.get(id) });
  const disputed = (id: string, status: string): void => {
    if (cases.tellsOf(id, 'contradictoryNotice'))
      add(id, status, 'the bank contradicts itself, a case is open');
  };
  const claimed = (id: string, status: string): void => {
    const told = cases.tellsOf(id, 'lateSuccess');
    if (told) add(id, status, 'the bank has paid after all, a case is open');
    else if (!cases.hasTold(id, 'lateSuccess')) add(id, `${status}, the bank has paid after all`);
  };
  for (const { id, status, channel, late } of payments.payments.values()) {
    if (!TERMINAL_PAYMENTS.has(status)) {
      const waits = channel === 'transfer' && status === 'authorising';
      add(`payment-${id}`, status, waits ? 'waits for the transfer of the payer' : undefined);
    } else if (late === 'inSuspense' || late === 'returning') add(`payment-${id}`, `failed, money ${late}`);
    else disputed(`payment-${id}`, status);
  }
  for (const refund of refunds.refunds.values()) {
    const { id, status, approvalNeeded, complete } = refund;
    if (refund.paidAfterAll) claimed(`refund-${id}`, status);
    if (complete) {
      disputed(`refund-${id}`, status);
      continue;
    }
    const channel = payments.payments.get(refund.paymentId)?.channel ?? '';
    const byHand = status === 'sent' && BY_HAND.has(channel) && refund.kind !== 'dishonour';
    const asks = status === 'requested' && approvalNeeded;
    const own = asks ? 'waits for a second person' : byHand ? 'waits for a clerk' : undefined;
    add(`refund-${id}`, status, own);
  }
  for (const { id, status, paidAfterAll } of transfers.transfers.values()) {
    if (paidAfterAll) claimed(`transfer-${id}`, status);
    if (TERMINAL_TRANSFERS.has(status)) {
      disputed(`transfer-${id}`, status);
      continue;
    }
    add(`transfer-${id}`, status, status === 'offered' ? 'waits for somebody to pay' : undefined);
  }
  for (const id of hardWallets.open()) add(`hardWallet-${id}`, 'taken');
  return open;
}
