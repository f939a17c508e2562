import type { OperationId } from './index.js';

const OF_A_PROCESS = /^[A-Za-z]+-([0-9a-f-]{36})$/;
/** Max35Text of ISO 20022. */
const LONGEST = 35;

/**
 * EndToEndId of an operation in ISO 20022 messages: `payment-0b1c…` has 44 characters, 35 are allowed; so the process's id without
 * its dashes, which is unique by itself.
 */
export function endToEndIdOf(operationId: OperationId): string {
  const uuid = OF_A_PROCESS.exec(operationId)?.[1];
  return uuid === undefined ? operationId.slice(0, LONGEST) : uuid.replaceAll('-', '');
}
