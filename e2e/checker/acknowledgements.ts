/** Comparing the log with the answers that were given while it was written. */
import type { Folds } from './folds.js';
import { type JsonRecord, parseObject, textOf, UnreadableInput } from './export.js';
import { Verdict } from './verdict.js';

/**
 * I1: whatever was acknowledged is in the log as it was acknowledged, and further on at most. One line per answer:
 * - `{"paymentId","asset","amount","receipts":["2026-00000042"]}`: captured
 * - `{"kind":"payment","paymentId","asset","amount"}`: under way at an institution
 * - `{"kind":"refund","refundId","asset","amount","status":"SENT"}`
 * - `{"kind":"contract","contractId",…}`: see ContractAnswers
 * - `{"kind":"transfer","transferId","asset","amount","status":"COMPLETED"}`
 */
export async function checkAcknowledgements(
  lines: AsyncIterable<string> | Iterable<string>,
  folds: Folds,
): Promise<Verdict> {
  const verdict = new Verdict('I1', 'whatever was acknowledged is in the log as it was acknowledged');
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line === '') continue;
    const answer = parseObject(line, lineNumber);
    if (typeof answer['amount'] !== 'string' && answer['kind'] !== 'contract') throw notOne(lineNumber);
    switch (answer['kind']) {
      case undefined:
        checkCaptured(answer, { folds, verdict, lineNumber });
        break;
      case 'payment':
        checkKnown(answer, 'paymentId', folds.payments.payments, verdict);
        break;
      case 'refund':
        checkProgress(answer, folds.refunds.refunds, 'refundId', verdict);
        break;
      case 'contract':
        folds.answers.check(answer, verdict);
        break;
      case 'transfer':
        checkProgress(answer, folds.transfers.transfers, 'transferId', verdict);
        break;
      default:
        throw notOne(lineNumber);
    }
  }
  return verdict;
}

interface Judged {
  readonly folds: Folds;
  readonly verdict: Verdict;
  readonly lineNumber: number;
}

function checkCaptured(answer: JsonRecord, { folds, verdict, lineNumber }: Judged): void {
  const { paymentId, asset, receipts: numbers } = answer;
  const amount = textOf(answer['amount']);
  if (typeof paymentId !== 'string' || !Array.isArray(numbers)) throw notOne(lineNumber);
  const payment = folds.payments.payments.get(paymentId);
  const captured = payment?.status === 'captured' && payment.asset === asset && `${payment.total}` === amount;
  verdict.expect(
    captured,
    () =>
      `payment ${paymentId} of ${amount} was acknowledged; the log says ${payment ? `${payment.status}, ${payment.total}` : 'nothing'}`,
  );
  if (!payment) return;
  const organisations = new Set(payment.bills.map((bill) => bill.organisationId));
  const issued = [...organisations].map((id) => folds.receipts.receipts.get(`${paymentId} ${id}`)?.number);
  const kept = numbers.length > 0 && numbers.every((number) => issued.includes(String(number)));
  verdict.expect(
    kept,
    () =>
      `payment ${paymentId}: receipts ${numbers.join(', ') || 'none'} were acknowledged, issued ${issued.join(', ')}`,
  );
}

function checkKnown(
  answer: JsonRecord,
  field: string,
  known: ReadonlyMap<string, { readonly total: bigint; readonly status: string }>,
  verdict: Verdict,
): void {
  const id = textOf(answer[field]);
  const found = known.get(id);
  verdict.expect(
    found !== undefined && `${found.total}` === answer['amount'],
    () =>
      `payment ${id} of ${textOf(answer['amount'])} was taken on; the log says ${found?.total ?? 'nothing'}`,
  );
}

/** What the log may say once a status was answered; a status that is not here may become anything. */
const FOR_GOOD: Readonly<Record<string, readonly string[]>> = {
  SENT: ['sent', 'returned', 'rejected'],
  RETURNED: ['returned', 'givenBack'],
  REJECTED: ['rejected'],
  COMPLETED: ['completed', 'returned', 'givenBack'],
};

function checkProgress(
  answer: JsonRecord,
  known: ReadonlyMap<string, { readonly minor: bigint; readonly status: string }>,
  field: 'refundId' | 'transferId',
  verdict: Verdict,
): void {
  const id = textOf(answer[field]);
  const status = textOf(answer['status']);
  const found = known.get(id);
  const right =
    found !== undefined &&
    `${found.minor}` === answer['amount'] &&
    (FOR_GOOD[status]?.includes(found.status) ?? true);
  verdict.expect(
    right,
    () =>
      `${field.slice(0, -2)} ${id} of ${textOf(answer['amount'])} was answered as ${status}; the log says ${found ? `${found.status}, ${found.minor}` : 'nothing'}`,
  );
}

function notOne(lineNumber: number): UnreadableInput {
  return new UnreadableInput(`Line ${lineNumber} is no acknowledgement.`);
}
