/** What the bank has done, against what our own log says of it. Lines of the bank's `GET /sandbox/effects`. */
import type { Folds } from './folds.js';
import { amountOf, idIn, parseObject, UnreadableInput } from './export.js';
import type { Ledger } from './ledger.js';
import { Verdict } from './verdict.js';

interface Effect {
  readonly operationId: string;
  readonly tenant: string;
  readonly kind: string;
  readonly asset: string;
  readonly minor: bigint;
  readonly moved: number;
  readonly returned: number;
}

/** By our own log: an operation that was asked for, and what has become of it. */
interface Expected {
  readonly minor: bigint;
  readonly kinds: readonly string[];
  readonly moved: boolean;
  readonly returned: boolean;
  /** Our log does not know yet: listed as open, and not judged here. */
  readonly open: boolean;
}

const COMES_IN = new Set(['collect', 'awaitCredit']);

/**
 * At most one effect per operation id, and one exactly when our log says so. Lines:
 * `{"operationId","tenant","kind","amount":{"asset","amount"},"moved","returned"}`
 */
export async function checkBank(
  lines: AsyncIterable<string> | Iterable<string>,
  folds: Folds,
  ledger: Ledger,
): Promise<readonly Verdict[]> {
  const once = new Verdict(
    'bank',
    'at most one effect per operation id, of the amount and kind that was asked for',
  );
  const agreed = new Verdict('bank', 'money moved there exactly when our log says so');
  const expected = expectedOf(folds);
  const seen = new Map<string, Effect>();
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    if (line === '') continue;
    const effect = readEffect(line, lineNumber);
    const { operationId, moved, returned, minor, kind } = effect;
    const due = expected.get(operationId);
    const single = moved <= 1 && returned <= moved && !seen.has(operationId);
    once.expect(single, () => `${operationId}: moved ${moved}×, came back ${returned}×`);
    once.expect(
      due !== undefined && due.minor === minor && due.kinds.includes(kind),
      () =>
        `${operationId}: ${kind} of ${minor}; our log asked for ${due ? `${due.kinds.join()} of ${due.minor}` : 'nothing'}`,
    );
    seen.set(operationId, effect);
  }
  for (const [operationId, due] of expected) {
    if (due.open) continue;
    const effect = seen.get(operationId);
    const moved = effect?.moved === 1;
    const returned = effect?.returned === 1;
    agreed.expect(
      (moved === due.moved && returned === due.returned) || isDisputed(operationId, due, folds),
      () =>
        `${operationId}: at the bank ${wordOf(moved, returned)}, in our log ${wordOf(due.moved, due.returned)}`,
    );
  }
  for (const [operationId, due] of expected)
    if (isDisputed(operationId, due, folds)) seen.delete(operationId);
  return [once, agreed, ...standing(seen, expected, ledger)];
}

/**
 * The bank said no and has done it all the same, when nothing could follow from it any more: people are told by a case, and our
 * books stay as they are until they have settled it.
 */
function isDisputed(operationId: string, due: Expected, { cases }: Folds): boolean {
  return !due.moved && cases.tellsOf(operationId, 'contradictoryNotice');
}

/** What came in from the institution by our ledger is what it has moved, to the fen; judged when nothing is open there. */
function standing(
  seen: ReadonlyMap<string, Effect>,
  expected: ReadonlyMap<string, Expected>,
  ledger: Ledger,
): readonly Verdict[] {
  if ([...expected.values()].some(({ open }) => open)) return [];
  const verdict = new Verdict(
    'bank',
    'the ledger of the outside world is the sum of what the bank has moved',
  );
  const sums = new Map<string, bigint>();
  for (const { tenant, asset, kind, minor, moved, returned } of seen.values()) {
    const direction = COMES_IN.has(kind) ? 1n : -1n;
    const key = `${tenant} ${asset}`;
    sums.set(key, (sums.get(key) ?? 0n) + direction * minor * BigInt(moved - returned));
  }
  for (const { tenant, asset } of ledger.ledgers()) {
    const balances = ledger.balances(tenant, asset);
    const out = (balances.get('world:operator') ?? 0n) + (balances.get('world:transfer') ?? 0n);
    const moved = sums.get(`${tenant} ${asset}`) ?? 0n;
    verdict.expect(
      moved === -out,
      () => `${tenant} ${asset}: the bank moved ${moved}, our ledger says ${-out}`,
    );
  }
  return [verdict];
}

function expectedOf({ payments, refunds, transfers }: Folds): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const { id, sought, status, total, channel, late } of payments.payments.values()) {
    if (!sought) continue;
    const minor = total;
    const moved = status === 'captured' || status === 'authorised' || late !== 'none';
    const open = status === 'authorising' || status === 'unknown';
    const kinds = [channel === 'transfer' ? 'awaitCredit' : 'collect'];
    expected.set(`payment-${id}`, { minor, kinds, moved, returned: false, open });
    if (late === 'returning' || late === 'returned') {
      const back = { minor, kinds: ['refund'], returned: false };
      expected.set(`return-${id}`, { ...back, moved: late === 'returned', open: late === 'returning' });
    }
  }
  for (const {
    id,
    paymentId,
    status,
    minor,
    kind,
    sentAt,
    cameBack,
    paidAfterAll,
  } of refunds.refunds.values()) {
    const channel = payments.payments.get(paymentId)?.channel ?? '';
    const outside = ['operator', 'transfer', 'suspense'].includes(channel) && kind !== 'dishonour';
    if (!outside || sentAt === '') continue;
    const moved = status === 'returned' || paidAfterAll;
    const facts = { minor, kinds: ['refund'], moved, returned: cameBack, open: status === 'sent' };
    expected.set(`refund-${id}`, facts);
  }
  for (const transfer of transfers.transfers.values()) {
    const { minor, status, moved, cameBack, sentBack } = transfer;
    for (const operationId of transfer.asked) {
      const back = idIn('transferReturn', operationId) !== undefined;
      const open = status === 'sought' && (back || !moved);
      const kinds = [back ? 'refund' : transfer.kind === 'topUp' ? 'collect' : 'payout'];
      const facts = back ? { moved: sentBack, returned: false } : { moved, returned: cameBack };
      expected.set(operationId, { minor, kinds, ...facts, open });
    }
  }
  return expected;
}

function readEffect(line: string, lineNumber: number): Effect {
  const { operationId, tenant, kind, amount, moved, returned } = parseObject(line, lineNumber);
  const read = amountOf(amount);
  if (
    typeof operationId !== 'string' ||
    typeof tenant !== 'string' ||
    typeof kind !== 'string' ||
    typeof moved !== 'number' ||
    typeof returned !== 'number' ||
    !read
  ) {
    throw new UnreadableInput(`Line ${lineNumber} is no effect of the bank.`);
  }
  return { operationId, tenant, kind, ...read, moved, returned };
}

function wordOf(moved: boolean, returned: boolean): string {
  if (!moved) return 'not moved';
  return returned ? 'moved and come back' : 'moved';
}
