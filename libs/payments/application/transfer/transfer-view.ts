import type { Rejection } from '#libs/kernel/errors/index.js';
import type { TransferProgress, TransferRejectionCode, TransferView } from '../../contract/index.js';
import type { KnownTransfer, TransferFailure } from '../../domain/transfer/index.js';

/** As it is now, from the write side, for one of its two sides. */
export function transferViewOf(transfer: KnownTransfer, account: string): TransferView {
  const { transferId, kind, amount, from, to, offeredUntil, requestedAt, reference, failure } = transfer;
  const own = from?.owner === account ? from : to?.owner === account ? to : undefined;
  const status = progressOf(transfer);
  return {
    id: transferId,
    kind,
    status,
    amount,
    ...(own && { walletId: own.walletId }),
    direction: own !== undefined && own === to ? 'IN' : 'OUT',
    ...(offeredUntil !== undefined && { expiresAt: offeredUntil }),
    requestedAt,
    ...(reference !== undefined && { reference }),
    ...(failure && status === 'FAILED' && { failure: { code: codeOf(failure), message: failure.message } }),
  };
}

export function progressOf({ status, unknownSince, failure }: KnownTransfer): TransferProgress {
  switch (status) {
    case 'offered':
      return 'OFFERED';
    case 'requested':
    case 'taken':
      return 'PENDING';
    case 'sought':
      // What comes back after a failure stays a failure while it is on its way.
      if (failure) return 'FAILED';
      return unknownSince === undefined ? 'PENDING' : 'UNKNOWN';
    case 'undeliverable':
    case 'late':
    case 'refused':
    case 'failed':
      return 'FAILED';
    case 'completed':
    case 'returned':
      return 'COMPLETED';
    case 'givenBack':
      return 'RETURNED';
  }
}

/** The answer of the first try, whenever it is asked again. */
export function refusalOf(failure: TransferFailure): Rejection<TransferRejectionCode> {
  return { ...failure, code: codeOf(failure) };
}

/** Failures carry public codes only: the steps translate every other refusal. */
function codeOf({ code }: TransferFailure): TransferRejectionCode {
  return code as TransferRejectionCode;
}
