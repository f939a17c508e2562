import { defineProjection } from '#libs/event-log/consumers/define-projection.js';
import { on, type Projection } from '#libs/event-log/consumers/types.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { transferEvents } from '../codec/index.js';
import type { TransferProgress } from '../contract/index.js';
import type { CollectionOffer, TransferFailure, TransferRequest } from '../domain/transfer/index.js';
import { openTransferTable, transferTable } from './transfer-tables.js';

/** Transfers as they are now, and which of them are not at their end. */
export const transfersProjection: Projection = defineProjection({
  name: 'transfers',
  version: 1,
  tables: [transferTable, openTransferTable],
  parts: [
    on(transferEvents, {
      TransferRequested: putRequested,
      CollectionOffered: putOffered,
      CollectionConfirmed: ({ transferId, payer, walletId, confirmedAt }, view) => {
        const confirmed = { payer, payer_wallet: walletId, requested_at: confirmedAt };
        view.patch(
          'transfer',
          { id: transferId },
          { ...confirmed, status: 'PENDING' satisfies TransferProgress },
        );
        view.put('open_transfer', { transfer_id: transferId, last_step_at: confirmedAt });
      },
      TransferSought: ({ transferId, soughtAt }, view) => stepped(view, transferId, soughtAt),
      TransferOutcomeUnknown: ({ transferId, act, since }, view) => {
        if (act !== 'refund') patch(view, transferId, 'UNKNOWN');
        stepped(view, transferId, since);
      },
      TransferTaken: ({ transferId, reference, takenAt }, view) => {
        patch(view, transferId, 'PENDING', { reference: reference ?? null });
        stepped(view, transferId, takenAt);
      },
      // The transfer stays failed; the ledger and the case tell.
      TransferPaidAfterAll: null,
      TransferLateSuccessRecorded: ({ transferId, recordedAt }, view) =>
        stepped(view, transferId, recordedAt),
      TransferRefused: ({ transferId, failure, refusedAt }, view) => {
        patch(view, transferId, 'FAILED', failed(failure));
        stepped(view, transferId, refusedAt);
      },
      TransferUndeliverable: ({ transferId, failure, foundAt }, view) => {
        patch(view, transferId, 'FAILED', failed(failure));
        stepped(view, transferId, foundAt);
      },
      TransferFailed: ({ transferId }, view) => view.remove('open_transfer', { transfer_id: transferId }),
      TransferCompleted: ({ transferId }, view) => {
        patch(view, transferId, 'COMPLETED');
        view.remove('open_transfer', { transfer_id: transferId });
      },
      TransferReturned: ({ transferId, returnedAt }, view) => stepped(view, transferId, returnedAt),
      TransferGivenBack: ({ transferId }, view) => {
        patch(view, transferId, 'RETURNED');
        view.remove('open_transfer', { transfer_id: transferId });
      },
    }),
  ],
});

const NOTHING_YET = {
  payer: null,
  payer_wallet: null,
  payee: null,
  payee_wallet: null,
  expires_at: null,
  reference: null,
  failure_code: null,
  failure_message: null,
};

function putRequested(data: TransferRequest, view: ViewWriter): void {
  const { transferId, tenant, kind, amount, account, walletId, requestedAt } = data;
  const side =
    kind === 'topUp'
      ? { payee: account, payee_wallet: walletId }
      : { payer: account, payer_wallet: walletId };
  view.put('transfer', {
    ...NOTHING_YET,
    id: transferId,
    tenant,
    kind,
    status: 'PENDING' satisfies TransferProgress,
    asset: amount.asset,
    amount_minor: amount.amount,
    ...side,
    requested_at: requestedAt,
  });
  view.put('open_transfer', { transfer_id: transferId, last_step_at: requestedAt });
}

function putOffered(data: CollectionOffer, view: ViewWriter): void {
  const { transferId, tenant, amount, account, walletId, expiresAt, offeredAt } = data;
  view.put('transfer', {
    ...NOTHING_YET,
    id: transferId,
    tenant,
    kind: 'personal',
    status: 'OFFERED' satisfies TransferProgress,
    asset: amount.asset,
    amount_minor: amount.amount,
    payee: account,
    payee_wallet: walletId,
    expires_at: expiresAt,
    requested_at: offeredAt,
  });
}

function patch(
  view: ViewWriter,
  id: string,
  status: TransferProgress,
  more: Readonly<Record<string, string | null>> = {},
): void {
  view.patch('transfer', { id }, { ...more, status });
}

/** A transfer that had ended is open again when money comes late or comes back. */
function stepped(view: ViewWriter, transferId: string, at: string): void {
  view.put('open_transfer', { transfer_id: transferId, last_step_at: at });
}

function failed({ code, message }: TransferFailure) {
  return { failure_code: code, failure_message: message };
}
