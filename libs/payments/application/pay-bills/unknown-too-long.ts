import { addMs } from '#libs/kernel/time/index.js';
import type { AwaitingPayment, KnownPayment } from '../../domain/payment/index.js';
import { openCase, resolveCase } from '../exceptions.js';
import type { Mover, PaymentParts } from './parts.js';

/** An institution that has not answered for so long, ms, needs a person who calls it. */
const TOO_LONG_MS = 15 * 60_000;

/** Opens a case for a payment whose outcome stays unknown, and resolves it when the institution has answered after all. */
export async function alarmOfUnknown(
  parts: PaymentParts,
  before: AwaitingPayment,
  after: KnownPayment,
  { correlationId }: Mover,
): Promise<void> {
  if (before.status !== 'unknown') return;
  const at = parts.runtime.clock.now();
  if (at < addMs(before.since, TOO_LONG_MS)) return;
  const kind = 'unknownTooLong';
  const facts = { operationId: before.authorisation.operationId, since: before.since, reason: before.reason };
  await openCase(parts, before, { kind, facts, at }, correlationId);
  if (after.status === 'unknown') return;
  await resolveCase(parts, before, { kind, text: 'The institution has answered.' }, correlationId);
}
