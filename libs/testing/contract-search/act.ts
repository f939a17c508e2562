/** What a move is, and the commands it is made of. */
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { WEEKDAYS } from '#libs/contracts/domain/calendar/index.js';
import type { ContractCommand, ContractEvent } from '#libs/contracts/domain/release-contract/messages.js';
import type { Setup } from './setup.js';

export const CONTRACT_ID = asId<'contract'>('00000000-0000-8000-8000-000000000001');
export const HASH = 'a'.repeat(64);

/** Where a trial stands. */
export interface Stand {
  readonly nowMs: number;
  readonly events: readonly ContractEvent[];
}

export interface Move {
  readonly name: string;
  /** One or several commands in a row; none where the move makes no sense now. */
  readonly commands: (stand: Stand) => readonly ContractCommand[];
  /** Where the clock stands before the commands; default a second later. */
  readonly at?: (stand: Stand) => number;
}

/** A command without what goes with every command. */
export type Asked = ContractCommand extends infer One
  ? One extends unknown
    ? Omit<One, 'at' | 'by' | 'calendar'>
    : never
  : never;

export function act(setup: Setup, role: string, nowMs: number, asked: Asked): ContractCommand {
  const party = setup.parties.find((one) => one.role === role);
  const partyId = role === 'system' ? 'system:clock' : (party?.partyId ?? `anybody-${role}`);
  const at = new Date(nowMs).toISOString() as Instant;
  return { ...asked, at, by: { role, partyId }, calendar: WEEKDAYS } as ContractCommand;
}

/** Epoch ms at which the clock has something to do; undefined: never. */
export function dueOf(events: readonly ContractEvent[]): number | undefined {
  const due = events.at(-1)?.data.nextDueAt;
  return due ? Date.parse(due) : undefined;
}

export function tick(name: string, at: (stand: Stand) => number, setup: Setup): Move {
  return { name, at, commands: ({ nowMs }) => [act(setup, 'system', nowMs, { kind: 'tick' })] };
}
