import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import { massRefundEvents } from '../codec/index.js';
import type { MassRefundStatus } from '../contract/mass-refund.js';
import type { Figures } from '../domain/mass-refund/index.js';
import { massRefundTable } from './mass-refund-tables.js';

/** Mass refunds with their running figures; a row per contract is read from the stream. */
export const massRefundsProjection: Projection = defineProjection({
  name: 'mass-refunds',
  version: 1,
  tables: [massRefundTable],
  parts: [
    on(massRefundEvents, {
      MassRefundRequested: (data, view) =>
        view.put('mass_refund', {
          id: data.massRefundId,
          tenant: data.tenant,
          organisation_id: data.organisationId,
          authority_id: data.authorityId,
          ...is('REQUESTED'),
          reason: data.reason,
          approval_id: data.approvalId,
          requested_at: data.at,
          contracts: data.contracts,
          processed: 0,
          left_count: 0,
          sums: '[]',
          last_at: data.at,
        }),
      MassRefundDeclined: (data, view) => patch(view, data, is('DECLINED')),
      MassRefundApproved: (data, view) => patch(view, data, is('RUNNING')),
      MassRefundProgressed: (data, view) => patch(view, data, figureColumns(data.figures)),
      MassRefundCompleted: (data, view) =>
        patch(view, data, { ...is('COMPLETED'), ...figureColumns(data.figures) }),
    }),
  ],
});

function is(status: MassRefundStatus): ViewRow {
  return { status };
}

function patch(
  view: ViewWriter,
  { massRefundId, at }: { readonly massRefundId: string; readonly at: string },
  set: ViewRow,
): void {
  view.patch('mass_refund', { id: massRefundId }, { ...set, last_at: at });
}

function figureColumns({ contracts, left, sums }: Figures): ViewRow {
  const texts = sums.map(({ asset, ...amounts }) => [
    asset,
    ...[amounts.heldBefore, amounts.refunded, amounts.released, amounts.owed].map(String),
  ]);
  return { processed: contracts, left_count: left, sums: JSON.stringify(texts) };
}
