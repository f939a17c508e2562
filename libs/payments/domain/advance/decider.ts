import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { AdvanceId, OrganisationId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import { formatDecimal, money, posting, type Asset, type Money } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import type { AdvanceCommand, AdvanceEvent, AdvanceRefusal } from './messages.js';

export interface OpenAdvance {
  readonly status: 'open';
  readonly advanceId: AdvanceId;
  readonly tenant: TenantId;
  readonly organisationId: OrganisationId;
  readonly payerNumber: string;
  readonly asset: Asset;
  /** Minor units, as the holds; neither is ever below zero. */
  readonly available: bigint;
  readonly holds: readonly { readonly paymentId: PaymentId; readonly amount: bigint }[];
  /** `<payment>/<bill>`, for good: a credit is made once. A payer overpays a handful of times. */
  readonly credits: readonly string[];
  /** The last payments whose hold has ended; bounded by `ENDED_KEPT`. */
  readonly ended: readonly PaymentId[];
}

export type AdvanceState = { readonly status: 'absent' } | OpenAdvance;

type AdvanceDecision = Decision<AdvanceEvent, AdvanceRefusal>;
type Of<Kind extends AdvanceCommand['kind']> = Extract<AdvanceCommand, { kind: Kind }>;

/** As with a wallet: commands live for seconds, so that only the newest matter. */
const ENDED_KEPT = 64;

/** A payer's money at one organisation that no bill has asked for yet. It can be spent on bills of that organisation alone. */
export const advanceDecider: Decider<AdvanceCommand, AdvanceState, AdvanceEvent, AdvanceRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'credit':
        return credit(command, state);
      case 'hold':
        return hold(command, state);
      case 'release':
        return release(command, state);
      case 'spend':
        return spend(command, state);
      default:
        return assertNever(command, 'advance command');
    }
  },
  evolve,
};

function credit({ kind: _kind, at, ...credited }: Of<'credit'>, state: AdvanceState): AdvanceDecision {
  const { amount } = credited;
  const open = state.status === 'open';
  if (open && state.credits.includes(creditKey(credited))) return accept();
  if (amount.amount <= 0n || (open && state.asset !== amount.asset)) {
    throw new ImpossibleHistoryError('A capture left no such advance.');
  }
  const data = {
    ...credited,
    availableAfter: money(amount.asset, (open ? state.available : 0n) + amount.amount),
    heldAfter: money(amount.asset, open ? heldOf(state) : 0n),
    creditedAt: at,
  };
  return accept({ type: 'AdvanceCredited', data });
}

function hold({ tenant, paymentId, amount }: Of<'hold'>, state: AdvanceState): AdvanceDecision {
  if (state.status === 'absent' || state.tenant !== tenant) {
    return reject({ code: 'ADVANCE_NOT_FOUND', message: 'There is no such advance.' });
  }
  if (findHold(state, paymentId) !== undefined) return accept();
  if (state.ended.includes(paymentId)) {
    return reject({ code: 'PAYMENT_ENDED', message: 'The payment has ended.' });
  }
  if (amount.asset !== state.asset || amount.amount <= 0n || amount.amount > state.available) {
    const available = formatDecimal(money(state.asset, state.available));
    const details = { available, required: formatDecimal(amount) };
    return reject({ code: 'INSUFFICIENT_FUNDS', message: 'The advance does not hold enough.', details });
  }
  const moved = after(state, paymentId, amount, { available: -amount.amount, held: amount.amount });
  const postings = [posting(accounts.advance(state.advanceId), accounts.hold(paymentId), amount)];
  return accept({ type: 'AdvanceHeld', data: { ...moved, postings } });
}

/** Always accepted: whatever the payment held here ends, and nothing of it can begin later. */
function release({ paymentId }: Of<'release'>, state: AdvanceState): AdvanceDecision {
  if (state.status === 'absent' || state.ended.includes(paymentId)) return accept();
  const { advanceId, asset } = state;
  const held = findHold(state, paymentId);
  if (held === undefined) return accept({ type: 'AdvancePaymentBarred', data: { advanceId, paymentId } });
  const amount = money(asset, held);
  const moved = after(state, paymentId, amount, { available: held, held: -held });
  const postings = [posting(accounts.hold(paymentId), accounts.advance(advanceId), amount)];
  return accept({ type: 'AdvanceHoldReleased', data: { ...moved, postings } });
}

function spend({ paymentId }: Of<'spend'>, state: AdvanceState): AdvanceDecision {
  const held = state.status === 'open' ? findHold(state, paymentId) : undefined;
  if (state.status === 'absent' || held === undefined) return accept();
  const amount = money(state.asset, held);
  return accept({
    type: 'AdvanceHoldSpent',
    data: after(state, paymentId, amount, { available: 0n, held: -held }),
  });
}

/** @throws ImpossibleHistoryError */
function evolve(state: AdvanceState, event: AdvanceEvent): AdvanceState {
  if (event.type === 'AdvanceCredited') {
    const { advanceId, tenant, organisationId, payerNumber, amount, availableAfter } = event.data;
    const known = state.status === 'open' ? state : { holds: [], credits: [], ended: [] };
    return {
      ...known,
      status: 'open',
      advanceId,
      tenant,
      organisationId,
      payerNumber,
      asset: amount.asset,
      available: availableAfter.amount,
      credits: [...known.credits, creditKey(event.data)],
    };
  }
  if (state.status === 'absent') throw new ImpossibleHistoryError(`${event.type} before any credit.`);
  const { paymentId } = event.data;
  const ended = [...state.ended, paymentId].slice(-ENDED_KEPT);
  const holds = state.holds.filter((one) => one.paymentId !== paymentId);
  switch (event.type) {
    case 'AdvanceHeld': {
      const { amount, availableAfter } = event.data;
      const held = { paymentId, amount: amount.amount };
      return { ...state, available: availableAfter.amount, holds: [...holds, held] };
    }
    case 'AdvanceHoldReleased':
    case 'AdvanceHoldSpent':
      return { ...state, available: event.data.availableAfter.amount, holds, ended };
    case 'AdvancePaymentBarred':
      return { ...state, ended };
    default:
      return assertNever(event, 'advance event');
  }
}

function after(
  state: OpenAdvance,
  paymentId: PaymentId,
  amount: Money,
  change: { readonly available: bigint; readonly held: bigint },
) {
  return {
    advanceId: state.advanceId,
    paymentId,
    amount,
    availableAfter: money(state.asset, state.available + change.available),
    heldAfter: money(state.asset, heldOf(state) + change.held),
  };
}

function heldOf({ holds }: OpenAdvance): bigint {
  return holds.reduce((sum, { amount }) => sum + amount, 0n);
}

function findHold({ holds }: OpenAdvance, paymentId: PaymentId): bigint | undefined {
  return holds.find((one) => one.paymentId === paymentId)?.amount;
}

function creditKey({ paymentId, billId }: { readonly paymentId: string; readonly billId: string }): string {
  return `${paymentId}/${billId}`;
}
