import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type EventPlace, type Projection } from '#libs/event-log/consumers/types.js';
import type { TableDefinition, ViewWriter } from '#libs/views/port/index.js';
import { advanceEvents } from '../codec/index.js';
import type { AdvanceMoved } from '../domain/advance/index.js';

const advanceTable: TableDefinition = {
  name: 'advance',
  columns: {
    id: 'text',
    tenant: 'text',
    organisation_id: 'text',
    payer_number: 'text',
    asset: 'text',
    available_minor: 'minor',
    held_minor: 'minor',
    last_changed_at: 'text',
  },
  primaryKey: ['id'],
  indexes: [['organisation_id', 'last_changed_at', 'id']],
};

export interface AdvanceRow {
  readonly id: string;
  readonly tenant: string;
  readonly organisation_id: string;
  readonly payer_number: string;
  readonly asset: string;
  readonly available_minor: bigint;
  readonly held_minor: bigint;
  readonly last_changed_at: string;
}

/** What payers have paid in advance. */
export const advancesProjection: Projection = defineProjection({
  name: 'advances',
  version: 1,
  tables: [advanceTable],
  parts: [
    on(advanceEvents, {
      AdvanceCredited: (data, view) =>
        view.put('advance', {
          id: data.advanceId,
          tenant: data.tenant,
          organisation_id: data.organisationId,
          payer_number: data.payerNumber,
          asset: data.amount.asset,
          available_minor: data.availableAfter.amount,
          held_minor: data.heldAfter.amount,
          last_changed_at: data.creditedAt,
        }),
      AdvanceHeld: move,
      AdvanceHoldReleased: move,
      AdvanceHoldSpent: move,
      AdvancePaymentBarred: null,
    }),
  ],
});

function move(
  { advanceId, availableAfter, heldAfter }: AdvanceMoved,
  view: ViewWriter,
  { metadata }: EventPlace,
): void {
  const figures = { available_minor: availableAfter.amount, held_minor: heldAfter.amount };
  view.patch('advance', { id: advanceId }, { ...figures, last_changed_at: metadata.at });
}
