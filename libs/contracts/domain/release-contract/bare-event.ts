import type { ContractEvent } from './messages.js';

/** An event without the figures after it: those follow from folding it. */
export type BareEvent = ContractEvent extends infer Event
  ? Event extends { readonly type: infer Type; readonly data: infer Data }
    ? { readonly type: Type; readonly data: Omit<Data, 'totals' | 'status' | 'nextDueAt'> }
    : never
  : never;
export type Bare<Type extends ContractEvent['type']> = Omit<
  Extract<ContractEvent, { type: Type }>['data'],
  'totals' | 'status' | 'nextDueAt'
>;
