import { isUuid, type TransferId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CollectionView } from '../../contract/index.js';
import type { KnownTransfer } from '../../domain/transfer/index.js';

const PREFIX = 'SLUICE:COLLECT:';

/** Nothing but the id, which nobody can guess: amount and time are read from the log, so that no edit of the code changes them. */
export function collectionContent(transferId: TransferId): string {
  return PREFIX + transferId.toUpperCase();
}

export function collectionIdOf(content: string): TransferId | undefined {
  if (!content.startsWith(PREFIX) || content.length > 64) return undefined;
  const id = content.slice(PREFIX.length).toLowerCase();
  return isUuid(id) ? (id as TransferId) : undefined;
}

export function collectionViewOf(transfer: KnownTransfer, now: Instant): CollectionView {
  const { transferId, amount, status, offeredUntil } = transfer;
  return {
    id: transferId,
    content: collectionContent(transferId),
    amount,
    expiresAt: offeredUntil!,
    status: statusOf(status, offeredUntil! > now),
  };
}

function statusOf(status: KnownTransfer['status'], inTime: boolean): CollectionView['status'] {
  if (status === 'offered') return inTime ? 'OPEN' : 'EXPIRED';
  return status === 'refused' || status === 'failed' || status === 'undeliverable' ? 'FAILED' : 'PAID';
}
