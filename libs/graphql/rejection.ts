import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';

/** A business refusal on its way to the client, as the object type named by its code. */
export class RefusedResult {
  constructor(readonly rejection: Rejection) {}
}

/** `BILL_ALREADY_PAID` → `BillAlreadyPaid`: the object type that explains the code. */
export function rejectionTypeName(code: string): string {
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The value, or the refusal in the shape the unions of the schema resolve. */
export function resultOf<Value>(outcome: Outcome<Value>): Value | RefusedResult {
  return outcome.accepted ? outcome.value : new RefusedResult(outcome.rejection);
}
