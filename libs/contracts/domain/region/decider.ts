import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import { BUILT_IN_REGIONS } from './built-in.js';
import type {
  ParameterSet,
  RegionCommand,
  RegionEvent,
  RegionProposalId,
  RegionRefusal,
} from './messages.js';

export interface RegionState {
  readonly status: 'open';
  /** In the order in which they were set. */
  readonly sets: readonly ParameterSet[];
  /** For good; a region changes a few times a year. */
  readonly proposals: ReadonlyMap<RegionProposalId, KnownProposal>;
}

export interface KnownProposal {
  readonly set: ParameterSet;
  readonly setHash: string;
  readonly pending: boolean;
  readonly at: Instant;
}

type RegionDecision = Decision<RegionEvent, RegionRefusal>;
type Of<Kind extends RegionCommand['kind']> = Extract<RegionCommand, { kind: Kind }>;

/** What a region of a tenant sets, from a day on. A day that has begun keeps its parameters, so that what was decided by them stays right. */
export const regionDecider: Decider<RegionCommand, RegionState, RegionEvent, RegionRefusal> = {
  initial: { status: 'open', sets: [], proposals: new Map() },
  decide(command, state) {
    switch (command.kind) {
      case 'propose':
        return propose(command, state);
      case 'approve':
      case 'decline':
        return close(command, state);
      default:
        return assertNever(command, 'region command');
    }
  },
  evolve,
};

/** The set of a day: what was set last among those from that day or before; a built-in one counts as set before all others. */
export function setOn(
  sets: readonly ParameterSet[],
  builtIn: ParameterSet | undefined,
  day: LocalDate,
): ParameterSet | undefined {
  return [...(builtIn ? [builtIn] : []), ...sets]
    .filter((set) => set.effectiveFrom <= day)
    .reduce<ParameterSet | undefined>(
      (best, set) => (best && best.effectiveFrom > set.effectiveFrom ? best : set),
      undefined,
    );
}

/** A day that has begun keeps its parameters. A region that has none has nothing to keep: it may begin today. */
function mayBegin(set: ParameterSet, state: RegionState, today: LocalDate): boolean {
  if (set.effectiveFrom !== today) return set.effectiveFrom > today;
  return setOn(state.sets, BUILT_IN_REGIONS.get(set.region), today) === undefined;
}

function propose(command: Of<'propose'>, state: RegionState): RegionDecision {
  const { proposalId, set, setHash, tenant, maker, reason, today, at } = command;
  const known = state.proposals.get(proposalId);
  if (known) {
    if (known.setHash === setHash) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  }
  if (!mayBegin(set, state, today)) {
    const message = 'Parameters change from a coming day on.';
    return reject({ code: 'PARAMETERS_FOR_THE_PAST', message, details: { today } });
  }
  const data = { proposalId, set, setHash, tenant, maker, reason, at };
  return accept({ type: 'RegionalParametersProposed', data });
}

function close(
  { kind, proposalId, checker, today, at }: Of<'approve' | 'decline'>,
  state: RegionState,
): RegionDecision {
  const known = state.proposals.get(proposalId);
  if (!known) return reject({ code: 'PROPOSAL_NOT_FOUND', message: 'There is no such proposal.' });
  if (!known.pending) return accept();
  if (kind === 'approve' && mayBegin(known.set, state, today)) {
    return accept({ type: 'RegionalParametersSet', data: { proposalId, set: known.set, checker, at } });
  }
  const why = kind === 'approve' ? 'late' : 'declined';
  return accept({ type: 'RegionalParametersDropped', data: { proposalId, why, checker, at } });
}

function evolve(state: RegionState, event: RegionEvent): RegionState {
  const { proposalId } = event.data;
  const known = state.proposals.get(proposalId);
  const put = (proposal: KnownProposal) => new Map(state.proposals).set(proposalId, proposal);
  if (event.type === 'RegionalParametersProposed') {
    if (known) throw new ImpossibleHistoryError('One proposal twice.');
    const { set, setHash, at } = event.data;
    return { ...state, proposals: put({ set, setHash, at, pending: true }) };
  }
  if (!known?.pending) throw new ImpossibleHistoryError(`${event.type} without an open proposal.`);
  const proposals = put({ ...known, pending: false });
  switch (event.type) {
    case 'RegionalParametersSet':
      return { ...state, sets: [...state.sets, event.data.set], proposals };
    case 'RegionalParametersDropped':
      return { ...state, proposals };
    default:
      return assertNever(event, 'region event');
  }
}
