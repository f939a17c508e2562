import { RecentlyUsed } from '#libs/cache/lru/index.js';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { Projection } from '#libs/event-log/consumers/types.js';
import type { Posting } from '#libs/kernel/money/index.js';
import { comparePositions, type Position } from '#libs/event-log/port/index.js';
import type { ViewWriter } from '#libs/views/port/index.js';
import type { CustodyBreachView } from '../contract/index.js';
import { custodyBreachTable, custodyTable } from './custody-tables.js';
import { firstEntryAt } from './entry-order.js';

export const CUSTODY = 'custody';

const ACCOUNT = 'custody:';
const STREAM = 'contract-';
/** Contracts whose last figure is remembered; of others the next event is compared with the one after it only. */
const MOST_REMEMBERED = 200_000;

/**
 * Invariant I13: what a contract says it holds is what its custody account holds, after every event. Contracts state their
 * totals in every event, and money moves by postings alone, so that each event must change both alike; and nobody but a
 * contract itself moves its custody. After a start the first event of a contract that is older is compared by the sums alone.
 */
export function custodyProjection(events: readonly EventSet[]): Projection {
  let held = new RecentlyUsed<bigint>(MOST_REMEMBERED);
  let last: Position | undefined;
  return {
    name: CUSTODY,
    version: 1,
    tables: [custodyTable, custodyBreachTable],
    events,
    project(event, view) {
      const own = event.stream.startsWith(STREAM) ? event.stream.slice(STREAM.length) : undefined;
      const moved = movedBy(event);
      if (own === undefined && moved.size === 0) return;
      // Events that come again, after a commit that failed or from the start: what was remembered lies ahead of them.
      if (last !== undefined && comparePositions(event.position, last) <= 0)
        held = new RecentlyUsed(MOST_REMEMBERED);
      last = event.position;
      for (const [contractId, { minor, asset }] of moved) {
        if (contractId !== own) putForeign({ contractId, minor, asset }, event, view);
      }
      if (own !== undefined) compare(own, moved.get(own)?.minor ?? 0n, event, { view, held });
    },
  };
}

interface Moved {
  readonly asset: string;
  readonly minor: bigint;
}

/** Into each custody account, net. */
function movedBy({ event: { data } }: DecodedEvent): ReadonlyMap<string, Moved> {
  const { postings } = data as { readonly postings?: readonly Posting[] };
  if (!postings) return NOTHING;
  const moved = new Map<string, Moved>();
  const add = (account: string, asset: string, minor: bigint): void => {
    if (!account.startsWith(ACCOUNT)) return;
    const contractId = account.slice(ACCOUNT.length);
    moved.set(contractId, { asset, minor: (moved.get(contractId)?.minor ?? 0n) + minor });
  };
  for (const { source, destination, amount } of postings) {
    add(source, amount.asset, -amount.amount);
    add(destination, amount.asset, amount.amount);
  }
  return moved;
}

const NOTHING: ReadonlyMap<string, Moved> = new Map();

/** What every event of a contract says of its money. */
interface Stated {
  readonly asset?: string;
  readonly totals?: { readonly held: bigint };
}

function compare(
  contractId: string,
  minor: bigint,
  event: DecodedEvent,
  { view, held }: { readonly view: ViewWriter; readonly held: RecentlyUsed<bigint> },
): void {
  const { asset, totals } = event.event.data as Stated;
  const before = event.revision === 0 ? 0n : held.get(contractId);
  if (before === undefined || minor !== 0n || event.revision === 0) post(contractId, minor, view);
  // An event that does not say what is held has lost it, which is a breach if it held anything.
  const now = totals?.held ?? 0n;
  const { tenant } = event.metadata;
  const known = asset ?? '';
  if (before !== now || event.revision === 0) {
    view.patch('custody_contract', { contract_id: contractId }, { tenant, asset: known, held_minor: now });
  }
  held.set(contractId, now);
  if (before === undefined || now - before === minor) return;
  const amount = minor - (now - before);
  putBreach({ contractId, kind: 'DIFFERENCE', asset: known, amount }, event, view);
}

function putForeign(
  { contractId, asset, minor }: Moved & { readonly contractId: string },
  event: DecodedEvent,
  view: ViewWriter,
): void {
  post(contractId, minor, view);
  putBreach({ contractId, kind: 'FOREIGN_POSTING', asset, amount: minor }, event, view);
}

function post(contractId: string, minor: bigint, view: ViewWriter): void {
  view.accumulate('custody_contract', { contract_id: contractId }, { posted_minor: minor });
}

interface Breach {
  readonly contractId: string;
  readonly kind: CustodyBreachView['kind'];
  readonly asset: string;
  readonly amount: bigint;
}

function putBreach({ contractId, kind, asset, amount }: Breach, event: DecodedEvent, view: ViewWriter): void {
  const { position, metadata } = event;
  view.put('custody_breach', {
    position,
    contract_id: contractId,
    kind,
    place: firstEntryAt(position),
    tenant: metadata.tenant,
    asset,
    event_type: event.event.type,
    amount_minor: amount,
  });
}
