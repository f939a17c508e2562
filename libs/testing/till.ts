/** A small aggregate for specs and measurements of what stands around the log: a shared till with named deposits. */
import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError, type Rejection } from '#libs/kernel/errors/index.js';
import {
  defineEvents,
  eventSchemas,
  type EventSchemas,
  type SchemaDocument,
} from '#libs/event-log/codec/index.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';

export type TillEvent =
  | { readonly type: 'TillOpened'; readonly data: { readonly limitFen: bigint } }
  | { readonly type: 'CashDeposited'; readonly data: { readonly amountFen: bigint; readonly note: string } }
  | {
      readonly type: 'OwnerNamed';
      readonly data: {
        readonly ownerId: string;
        readonly owner: { readonly name: string | null; readonly phone: string | null };
      };
    };

export type TillCommand =
  | { readonly kind: 'open'; readonly limitFen: bigint }
  | { readonly kind: 'deposit'; readonly amountFen: bigint; readonly note?: string; readonly times?: number }
  | { readonly kind: 'name'; readonly ownerId: string; readonly name: string; readonly phone: string };

export type TillState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'open';
      readonly limitFen: bigint;
      readonly heldFen: bigint;
      readonly deposits: number;
    };

export type TillRefusal = Rejection<'TILL_ABSENT' | 'TILL_OPEN' | 'LIMIT_EXCEEDED'>;

const refuse = (code: TillRefusal['code']) => reject<TillRefusal>({ code, message: `${code}.` });

export const tillDecider: Decider<TillCommand, TillState, TillEvent, TillRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'open') {
      if (state.status === 'open') return refuse('TILL_OPEN');
      return accept({ type: 'TillOpened', data: { limitFen: command.limitFen } });
    }
    if (state.status === 'absent') return refuse('TILL_ABSENT');
    if (command.kind === 'name') {
      const { ownerId, name, phone } = command;
      return accept({ type: 'OwnerNamed', data: { ownerId, owner: { name, phone } } });
    }
    const { amountFen, note = '', times = 1 } = command;
    if (state.heldFen + amountFen * BigInt(times) > state.limitFen) return refuse('LIMIT_EXCEEDED');
    const deposit = { type: 'CashDeposited' as const, data: { amountFen, note } };
    return accept(...Array.from({ length: times }, () => deposit));
  },
  evolve(state, event) {
    if (event.type === 'TillOpened') {
      if (state.status === 'open') throw new ImpossibleHistoryError('A till opens once.');
      return { status: 'open', limitFen: event.data.limitFen, heldFen: 0n, deposits: 0 };
    }
    if (state.status === 'absent')
      throw new ImpossibleHistoryError(`${event.type} before the till was opened.`);
    if (event.type === 'OwnerNamed') return state;
    const heldFen = state.heldFen + event.data.amountFen;
    if (heldFen > state.limitFen) throw new ImpossibleHistoryError('More than the till holds.');
    return { ...state, heldFen, deposits: state.deposits + 1 };
  },
};

export const tillEvents = defineEvents<TillEvent>('testing', {
  TillOpened: {
    version: 1,
    encode: ({ limitFen }) => ({ limit: limitFen.toString() }),
    decode: (json) => ({ limitFen: BigInt(json['limit'] as string) }),
  },
  CashDeposited: {
    version: 2,
    encode: ({ amountFen, note }) => ({ amount: amountFen.toString(), note }),
    decode: (json) => ({ amountFen: BigInt(json['amount'] as string), note: json['note'] as string }),
    upcasters: { 1: (json) => ({ ...json, note: '' }) },
  },
  OwnerNamed: {
    version: 1,
    encode: ({ ownerId, owner }) => ({ ownerId, owner }),
    decode: (json) => ({
      ownerId: json['ownerId'] as string,
      owner: json['owner'] as { name: string | null; phone: string | null },
    }),
  },
});

export const till: Aggregate<TillCommand, TillState, TillEvent, TillRefusal> = {
  category: 'till',
  decider: tillDecider,
  events: tillEvents,
};

const AMOUNT = { type: 'string', pattern: '^\\d{1,18}$' };

function document(name: string, rest: object): SchemaDocument {
  const $id = `https://schemas.sluice.invalid/events/testing/${name}.json`;
  const dialect = 'https://json-schema.org/draft/2020-12/schema';
  return { path: `testing/${name}.json`, schema: { $schema: dialect, $id, type: 'object', ...rest } };
}

function closed(properties: Record<string, unknown>): object {
  return { properties, required: Object.keys(properties), additionalProperties: false };
}

export const tillSchemaDocuments: readonly SchemaDocument[] = [
  document('TillOpened.v1', closed({ limit: AMOUNT })),
  document('CashDeposited.v1', closed({ amount: AMOUNT })),
  document('CashDeposited.v2', closed({ amount: AMOUNT, note: { type: 'string', maxLength: 100 } })),
  document('OwnerNamed.v1', {
    'x-subject': '/ownerId',
    ...closed({
      ownerId: { type: 'string' },
      owner: {
        type: 'object',
        ...closed({
          name: { type: 'string', 'x-pii': true },
          phone: { type: 'string', 'x-pii': true },
        }),
      },
    }),
  }),
];

export const tillSchemas: EventSchemas = eventSchemas(tillSchemaDocuments);
