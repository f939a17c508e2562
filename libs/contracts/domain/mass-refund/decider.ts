import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  Figures,
  MassRefundCommand,
  MassRefundEvent,
  MassRefundRefusal,
  MassRefundScope,
  Round,
  Sums,
  WoundUp,
} from './messages.js';

export interface KnownMassRefund extends MassRefundScope {
  readonly status: 'requested' | 'declined' | 'running' | 'completed';
  readonly requestedAt: Instant;
  readonly expiresAt: Instant;
  /** Where the walk stands; null before its first page. */
  readonly place: { readonly round: Round; readonly after: ContractId } | null;
  /** Pages stored, which names the next one. */
  readonly pages: number;
  readonly figures: Figures;
}

export type MassRefundState = { readonly status: 'absent' } | KnownMassRefund;

const NOTHING: Figures = { contracts: 0, left: 0, sums: [] };

/** Every live contract of an organisation, wound up with a second person's consent, page by page; what it did stands in its events. */
export const massRefundDecider: Decider<
  MassRefundCommand,
  MassRefundState,
  MassRefundEvent,
  MassRefundRefusal
> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'request') {
      if (state.status === 'absent') {
        const { kind: _kind, ...data } = command;
        return accept({ type: 'MassRefundRequested', data });
      }
      if (state.organisationId === command.organisationId && state.reason === command.reason) return accept();
      return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
    }
    if (state.status === 'absent') {
      return reject({ code: 'MASS_REFUND_NOT_FOUND', message: 'There is no such mass refund.' });
    }
    return decideKnown(command, state);
  },
  evolve(state, event) {
    if (event.type === 'MassRefundRequested') {
      if (state.status !== 'absent') throw new ImpossibleHistoryError('One mass refund twice.');
      const { at, ...scope } = event.data;
      return { status: 'requested', ...scope, requestedAt: at, place: null, pages: 0, figures: NOTHING };
    }
    if (state.status === 'absent') throw new ImpossibleHistoryError(`${event.type} of no mass refund.`);
    return evolveKnown(state, event);
  },
};

type Later = Exclude<MassRefundCommand, { kind: 'request' }>;

function decideKnown(command: Later, state: KnownMassRefund) {
  const { massRefundId, figures, status } = state;
  const { at } = command;
  switch (command.kind) {
    case 'decline':
    case 'approve': {
      if (status !== 'requested') return accept<MassRefundEvent>();
      const type = command.kind === 'approve' ? 'MassRefundApproved' : 'MassRefundDeclined';
      return accept<MassRefundEvent>({ type, data: { massRefundId, at, checker: command.checker } });
    }
    case 'record': {
      if (status !== 'running') return accept<MassRefundEvent>();
      const { round, after, outcomes } = command;
      const data = { massRefundId, at, round, after, outcomes, figures: added(figures, outcomes) };
      return accept<MassRefundEvent>({ type: 'MassRefundProgressed', data });
    }
    case 'complete':
      if (status !== 'running') return accept<MassRefundEvent>();
      return accept<MassRefundEvent>({ type: 'MassRefundCompleted', data: { massRefundId, at, figures } });
    default:
      return assertNever(command, 'mass refund command');
  }
}

function evolveKnown(
  state: KnownMassRefund,
  event: Exclude<MassRefundEvent, { type: 'MassRefundRequested' }>,
): KnownMassRefund {
  const must = (status: KnownMassRefund['status']): void => {
    if (state.status !== status) throw new ImpossibleHistoryError(`${event.type} while ${state.status}.`);
  };
  switch (event.type) {
    case 'MassRefundDeclined':
      must('requested');
      return { ...state, status: 'declined' };
    case 'MassRefundApproved':
      must('requested');
      return { ...state, status: 'running' };
    case 'MassRefundProgressed': {
      must('running');
      const { round, after, figures } = event.data;
      return { ...state, place: { round, after }, pages: state.pages + 1, figures };
    }
    case 'MassRefundCompleted':
      must('running');
      return { ...state, status: 'completed' };
    default:
      return assertNever(event, 'mass refund event');
  }
}

/** The figures with a page more. */
export function added(figures: Figures, outcomes: readonly WoundUp[]): Figures {
  const sums = new Map<string, Sums>(figures.sums.map((sum) => [sum.asset, sum]));
  let { left } = figures;
  for (const { asset, heldBefore, refunded, released, owed, code } of outcomes) {
    if (code !== null) left += 1;
    const known = sums.get(asset) ?? { asset, heldBefore: 0n, refunded: 0n, released: 0n, owed: 0n };
    sums.set(asset, {
      asset,
      heldBefore: known.heldBefore + heldBefore,
      refunded: known.refunded + refunded,
      released: known.released + released,
      owed: known.owed + owed,
    });
  }
  return { contracts: figures.contracts + outcomes.length, left, sums: [...sums.values()] };
}
