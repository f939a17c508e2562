import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import { WALLET_TIERS, type LimitsByTier, type TierLimits } from '../wallet/index.js';
import type {
  LimitProposalId,
  ProposedLimits,
  WalletTiersCommand,
  WalletTiersEvent,
  WalletTiersRefusal,
} from './messages.js';
import { PUBLISHED_LIMITS } from './published.data.js';

export interface WalletTiersState {
  readonly status: 'open';
  /** In the order in which they were set. */
  readonly set: readonly ProposedLimits[];
  /** For good; a tenant changes its limits a few times a year. */
  readonly proposals: ReadonlyMap<LimitProposalId, KnownProposal>;
}

export interface KnownProposal extends ProposedLimits {
  readonly pending: boolean;
  readonly proposedAt: Instant;
}

type TiersDecision = Decision<WalletTiersEvent, WalletTiersRefusal>;
type Of<Kind extends WalletTiersCommand['kind']> = Extract<WalletTiersCommand, { kind: Kind }>;

/**
 * What wallets of a tenant may hold and spend, by tier and from a day on. A day's limits never change once it has begun, so that
 * what was decided by them stays right.
 */
export const walletTiersDecider: Decider<
  WalletTiersCommand,
  WalletTiersState,
  WalletTiersEvent,
  WalletTiersRefusal
> = {
  initial: { status: 'open', set: [], proposals: new Map() },
  decide(command, state) {
    switch (command.kind) {
      case 'propose':
        return propose(command, state);
      case 'approve':
      case 'decline':
        return close(command, state);
      default:
        return assertNever(command, 'wallet tiers command');
    }
  },
  evolve,
};

/** The limits of a day: of each tier what was set last among those from that day or before; else what is published. */
export function limitsOn({ set }: WalletTiersState, day: LocalDate): LimitsByTier {
  if (set.length === 0) return PUBLISHED_LIMITS;
  const limits: Record<string, TierLimits> = { ...PUBLISHED_LIMITS };
  for (const tier of WALLET_TIERS) {
    const effective = set.filter((one) => one.tier === tier && one.from <= day);
    const newest = effective.reduce<ProposedLimits | undefined>(
      (best, one) => (best && best.from > one.from ? best : one),
      undefined,
    );
    if (newest) limits[tier] = newest.limits;
  }
  return limits as LimitsByTier;
}

function propose(command: Of<'propose'>, state: WalletTiersState): TiersDecision {
  const { proposalId, tier, limits, from, tenant, maker, reason, today, at } = command;
  const known = state.proposals.get(proposalId);
  if (known) {
    if (known.tier === tier && known.from === from && sameLimits(known.limits, limits)) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  }
  if (from <= today) {
    return reject({
      code: 'LIMITS_FOR_THE_PAST',
      message: 'Limits change from a coming day on.',
      details: { today },
    });
  }
  if (!sound(limits)) {
    const message = 'Limits are above zero, and a longer time never allows less than a shorter one.';
    return reject({ code: 'INVALID_LIMITS', message });
  }
  const data = { proposalId, tier, limits, from, tenant, maker, reason, proposedAt: at };
  return accept({ type: 'TierLimitsProposed', data });
}

function close(
  { kind, proposalId, checker, today, at }: Of<'approve' | 'decline'>,
  state: WalletTiersState,
): TiersDecision {
  const known = state.proposals.get(proposalId);
  if (!known) return reject({ code: 'PROPOSAL_NOT_FOUND', message: 'There is no such proposal.' });
  if (!known.pending) return accept();
  const { tier, limits, from } = known;
  if (kind === 'approve' && from > today) {
    return accept({ type: 'TierLimitsSet', data: { proposalId, tier, limits, from, checker, setAt: at } });
  }
  const why = kind === 'approve' ? 'late' : 'declined';
  return accept({ type: 'TierLimitsDropped', data: { proposalId, why, checker, droppedAt: at } });
}

function evolve(state: WalletTiersState, event: WalletTiersEvent): WalletTiersState {
  const { proposalId } = event.data;
  const known = state.proposals.get(proposalId);
  if (event.type === 'TierLimitsProposed') {
    if (known) throw new ImpossibleHistoryError('One proposal twice.');
    const { tier, limits, from, proposedAt } = event.data;
    const proposal = { proposalId, tier, limits, from, proposedAt, pending: true };
    return { ...state, proposals: withProposal(state, proposal) };
  }
  if (!known?.pending) throw new ImpossibleHistoryError(`${event.type} without an open proposal.`);
  const proposals = withProposal(state, { ...known, pending: false });
  switch (event.type) {
    case 'TierLimitsSet': {
      const { tier, limits, from } = event.data;
      return { ...state, set: [...state.set, { proposalId, tier, limits, from }], proposals };
    }
    case 'TierLimitsDropped':
      return { ...state, proposals };
    default:
      return assertNever(event, 'wallet tiers event');
  }
}

function withProposal({ proposals }: WalletTiersState, proposal: KnownProposal) {
  return new Map(proposals).set(proposal.proposalId, proposal);
}

function sound({ balance, single, day, year }: TierLimits): boolean {
  const given = [balance, single, day, year].filter((limit) => limit !== undefined);
  if (given.some((limit) => limit <= 0n)) return false;
  const growing = [single, day, year].filter((limit) => limit !== undefined);
  return growing.every((limit, index) => index === 0 || growing[index - 1]! <= limit);
}

function sameLimits(one: TierLimits, other: TierLimits): boolean {
  return (
    one.balance === other.balance &&
    one.single === other.single &&
    one.day === other.day &&
    one.year === other.year
  );
}
