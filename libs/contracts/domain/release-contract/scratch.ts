import type { Instant } from '#libs/kernel/time/index.js';
import type { Calendar } from '../calendar/types.js';
import { apply } from './apply.js';
import type { BareEvent } from './bare-event.js';
import { totalsOf } from './figures.js';
import type { Common, ContractActor, ContractEvent } from './messages.js';
import type { Contract } from './state.js';
import { nextDueAt } from './timers.js';

/**
 * A decision in the making: each event is folded by the very function that folds the log, and the next step is decided on what
 * comes of it. Lives within one call of `decide`.
 */
export interface Scratch {
  state: Contract;
  readonly events: ContractEvent[];
  readonly at: Instant;
  /** In whose name events happen: the clock's while timers run. */
  by: ContractActor;
  readonly calendar: Calendar;
}

export type Specific<Type extends ContractEvent['type']> = Omit<
  Extract<ContractEvent, { type: Type }>['data'],
  keyof Common
>;

export function emit<Type extends ContractEvent['type']>(
  scratch: Scratch,
  type: Type,
  specific: Specific<Type>,
): void {
  const { state, at, by } = scratch;
  const common = { contractId: state.contractId, seq: state.seq, at, asset: state.terms.asset, by };
  const next = apply(state, { type, data: { ...common, ...specific } } as unknown as BareEvent);
  scratch.state = next;
  scratch.events.push(eventOf(type, { ...common, ...figuresOf(next), ...specific }));
}

/** What every event says of the contract after it. */
export function figuresOf(state: Contract): Pick<Common, 'totals' | 'status' | 'nextDueAt'> {
  return { totals: totalsOf(state), status: state.status, nextDueAt: nextDueAt(state) };
}

function eventOf(type: ContractEvent['type'], data: object): ContractEvent {
  return { type, data } as ContractEvent;
}
