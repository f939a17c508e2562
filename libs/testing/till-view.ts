import type { DecodedEvent } from '#libs/event-log/codec/index.js';
import type { Projection } from '#libs/event-log/consumers/index.js';
import type { Views, ViewWriter } from '#libs/views/port/index.js';
import { tillEvents, type TillEvent } from './till.js';

export interface TillRow {
  readonly id: string;
  readonly deposits: number;
  readonly held_minor: bigint;
  readonly owner: string | null;
}

/** One row per till, adding up what was deposited: an event applied twice shows. */
export const tillView: Projection = {
  name: 'tills',
  version: 1,
  tables: [
    {
      name: 'tills',
      columns: {
        id: 'text',
        deposits: 'integer',
        held_minor: 'minor',
        owner: { type: 'text', nullable: true },
      },
      primaryKey: ['id'],
    },
  ],
  events: [tillEvents],
  project: ({ stream, event }: DecodedEvent, view: ViewWriter) => {
    const { type, data } = event as TillEvent;
    if (type === 'TillOpened') view.put('tills', { id: stream, deposits: 0, held_minor: 0n, owner: null });
    else if (type === 'CashDeposited')
      view.add('tills', { id: stream }, { deposits: 1, held_minor: data.amountFen });
    else view.patch('tills', { id: stream }, { owner: data.owner.name });
  },
};

export async function tillRows(views: Views): Promise<TillRow[]> {
  const rows = await views
    .database<{ tills: TillRow }>()
    .selectFrom('tills')
    .selectAll()
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row }));
}
