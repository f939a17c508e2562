import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import type { Posting } from '#libs/kernel/money/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import { firstEntryAt, MOST_POSTINGS } from './entry-order.js';
import { balanceTable, entryTable, stretchTable, type StretchRow } from './tables.js';

export const LEDGER = 'ledger';

const HOLD = 'hold:';

/**
 * The ledger: the fold of the postings of every event of the sets, whichever context it belongs to. Where a stretch begins
 * depends on when the program was started; no answer does.
 */
export function ledgerProjection(events: readonly EventSet[]): Projection {
  let stretch: StretchRow | undefined;
  return {
    name: LEDGER,
    version: 1,
    tables: [balanceTable, entryTable, stretchTable],
    events,
    project(event, view) {
      stretch = stretchWith(event, stretch);
      view.put('ledger_stretch', { ...stretch });
      const postings = postingsOf(event.event.data);
      if (postings.length > MOST_POSTINGS)
        throw new RangeError(`An event carries at most ${MOST_POSTINGS} postings.`);
      const first = stretch.last_entry - MOST_POSTINGS + 1;
      postings.forEach((posting, line) => enter(posting, first + line, event, view));
    },
  };
}

/** Events that come again, after a commit that failed, begin a stretch of their own, as those do that went back in time. */
function stretchWith({ position, recordedAt }: DecodedEvent, before: StretchRow | undefined): StretchRow {
  const first_entry = firstEntryAt(position);
  const last_entry = first_entry + MOST_POSTINGS - 1;
  const last_ms = epochMsOf(recordedAt as Instant);
  const goesOn = before !== undefined && first_entry > before.last_entry && last_ms >= before.last_ms;
  return { first_entry: goesOn ? before.first_entry : first_entry, last_entry, last_ms };
}

/** Events carry them at the top of their data, all alike (decision 0011). */
function postingsOf(data: unknown): readonly Posting[] {
  const { postings } = data as { readonly postings?: readonly Posting[] };
  return postings ?? [];
}

function enter(posting: Posting, entry: number, event: DecodedEvent, view: ViewWriter): void {
  const { source, destination, amount } = posting;
  const { asset } = amount;
  const { tenant, at } = event.metadata;
  view.put('ledger_entry', {
    entry,
    tenant,
    asset,
    source,
    destination,
    amount_minor: amount.amount,
    at_ms: epochMsOf(at),
    recorded_ms: epochMsOf(event.recordedAt as Instant),
    stream: event.stream,
    event_id: event.id,
    event_type: event.event.type,
  });
  view.accumulate('ledger_balance', { tenant, asset, account: source }, { balance_minor: -amount.amount });
  view.accumulate(
    'ledger_balance',
    { tenant, asset, account: destination },
    { balance_minor: amount.amount },
  );
  // A hold lives as long as its payment; without this the ledger would keep an empty account per payment.
  if (source.startsWith(HOLD))
    view.remove('ledger_balance', { tenant, asset, account: source, balance_minor: 0n });
}
