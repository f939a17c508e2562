import type { Decider, Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { adjust } from './adjust.js';
import { cancel, expire, refuseWriteOff, requestWriteOff, writeOff } from './close.js';
import { evolve } from './evolve.js';
import { issue } from './issue.js';
import type { BillCommand, BillEvent, BillRefusal } from './messages.js';
import { refund, reverse } from './refund.js';
import { reserve } from './reserve.js';
import { allocateReserved, release } from './settle.js';
import type { BillState } from './state.js';

/**
 * A bill, and who may pay how much of it. Money is promised in two steps: a payment reserves an amount, and after its
 * capture the reservation becomes an allocation. The sum of reservations never exceeds what is outstanding, so that no two
 * payments can pay the same part, and an allocation up to its reservation can never be refused.
 */
export const billDecider: Decider<BillCommand, BillState, BillEvent, BillRefusal> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};

function decide(command: BillCommand, state: BillState): Decision<BillEvent, BillRefusal> {
  switch (command.kind) {
    case 'issue':
      return issue(command, state);
    case 'reserve':
      return reserve(command, state);
    case 'release':
      return release(command, state);
    case 'allocate':
      return allocateReserved(command, state);
    case 'refund':
      return refund(command, state);
    case 'reverse':
      return reverse(command, state);
    case 'adjust':
      return adjust(command, state);
    case 'requestWriteOff':
      return requestWriteOff(command, state);
    case 'writeOff':
      return writeOff(command, state);
    case 'refuseWriteOff':
      return refuseWriteOff(command, state);
    case 'expire':
      return expire(command, state);
    case 'cancel':
      return cancel(command, state);
    default:
      return assertNever(command, 'bill command');
  }
}
