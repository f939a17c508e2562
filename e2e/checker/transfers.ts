import { amountOf, type ExportedEvent, idIn, nameOf, textOf } from './export.js';
import { postingsOf } from './ledger.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

export type TransferStatus =
  | 'offered'
  | 'requested'
  | 'sought'
  | 'taken'
  | 'undeliverable'
  | 'late'
  | 'refused'
  | 'failed'
  | 'completed'
  | 'returned'
  | 'givenBack';

export interface FoldedTransfer {
  readonly id: string;
  readonly tenant: string;
  readonly kind: 'topUp' | 'withdrawal' | 'personal';
  readonly asset: string;
  readonly minor: bigint;
  from: string;
  readonly to: string;
  status: TransferStatus;
  /** Operations that the institution was asked for. */
  readonly asked: Set<string>;
  /** At the institution the first operation took effect, by our own events. */
  moved: boolean;
  /** The money was given back through the institution after it had come in. */
  sentBack: boolean;
  /** The bank has paid out what it had refused before: a claim on it. */
  paidAfterAll: boolean;
  /** The payout came back. */
  cameBack: boolean;
}

const STEPS: Readonly<
  Record<string, { readonly from: readonly TransferStatus[]; readonly to?: TransferStatus }>
> = {
  CollectionConfirmed: { from: ['offered'], to: 'requested' },
  TransferSought: { from: ['requested', 'undeliverable', 'late'], to: 'sought' },
  TransferOutcomeUnknown: { from: ['sought'] },
  TransferTaken: { from: ['requested', 'sought'], to: 'taken' },
  TransferLateSuccessRecorded: { from: ['refused', 'failed'], to: 'late' },
  TransferPaidAfterAll: { from: ['refused', 'failed'] },
  TransferRefused: { from: ['requested', 'sought'], to: 'refused' },
  TransferUndeliverable: { from: ['taken'], to: 'undeliverable' },
  TransferFailed: { from: ['refused', 'undeliverable', 'sought'], to: 'failed' },
  TransferCompleted: { from: ['taken'], to: 'completed' },
  TransferReturned: { from: ['completed'], to: 'returned' },
  TransferGivenBack: { from: ['returned'], to: 'givenBack' },
};

/** Top-ups, withdrawals and collections between persons: forward only, every posting of the amount that was asked for. */
export class Transfers {
  readonly lifecycle = new Verdict(
    'I4',
    'a transfer goes forward only, and moves the amount that was asked for',
  );
  readonly transfers = new Map<string, FoldedTransfer>();

  observe(event: ExportedEvent): void {
    const id = idIn('transfer', event.stream);
    if (id === undefined) return;
    const name = nameOf(event.type);
    const transfer = this.transfers.get(id);
    if (name === 'TransferRequested' || name === 'CollectionOffered') {
      this.lifecycle.expect(!transfer, () => `${at(event)}: asked for twice`);
      if (!transfer) this.transfers.set(id, asked(id, event));
      return;
    }
    const step = STEPS[name];
    const claimed = name === 'TransferPaidAfterAll' && (transfer?.kind !== 'withdrawal' || transfer.moved);
    const allowed =
      !claimed && transfer !== undefined && step !== undefined && step.from.includes(transfer.status);
    this.lifecycle.expect(
      allowed,
      () => `${at(event)}: of a transfer that is ${transfer?.status ?? 'not known'}`,
    );
    if (!transfer || !step || !allowed) return;
    this.lifecycle.expect(
      postingsOf(event).every(({ minor, asset }) => minor === transfer.minor && asset === transfer.asset),
      () => `${at(event)}: another amount than ${transfer.minor}`,
    );
    remember(transfer, name, event);
    transfer.status = step.to ?? transfer.status;
  }
}

function remember(transfer: FoldedTransfer, name: string, event: ExportedEvent): void {
  switch (name) {
    case 'CollectionConfirmed':
      transfer.from = textOf(event.data['walletId']);
      break;
    case 'TransferSought':
      transfer.asked.add(textOf(event.data['operationId']));
      break;
    case 'TransferTaken':
    case 'TransferLateSuccessRecorded':
      transfer.moved = transfer.kind !== 'personal';
      break;
    case 'TransferPaidAfterAll':
      transfer.moved = true;
      transfer.paidAfterAll = true;
      break;
    case 'TransferFailed':
      transfer.sentBack = transfer.status === 'sought';
      break;
    case 'TransferReturned':
      transfer.cameBack = true;
      break;
  }
}

function asked(id: string, event: ExportedEvent): FoldedTransfer {
  const { data } = event;
  const amount = amountOf(data['amount']);
  const offered = nameOf(event.type) === 'CollectionOffered';
  const kind = offered ? 'personal' : data['kind'] === 'topUp' ? 'topUp' : 'withdrawal';
  const wallet = textOf(data['walletId']);
  return {
    id,
    tenant: textOf(data['tenant']),
    kind,
    asset: amount?.asset ?? '?',
    minor: amount?.minor ?? 0n,
    from: kind === 'withdrawal' ? wallet : '',
    to: kind === 'withdrawal' ? '' : wallet,
    status: offered ? 'offered' : 'requested',
    asked: new Set(),
    moved: false,
    sentBack: false,
    paidAfterAll: false,
    cameBack: false,
  };
}
