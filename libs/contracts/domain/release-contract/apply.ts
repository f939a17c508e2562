import { assertNever } from '#libs/kernel/errors/index.js';
import type { BareEvent } from './bare-event.js';
import { amended, amendmentProposed, amendmentSigned } from './evolve-amendments.js';
import { disputeOpened, disputeResolved } from './evolve-disputes.js';
import { deposited, fundingReleased, reserved } from './evolve-funding.js';
import { activated, closed, drafted, signed } from './evolve-life.js';
import { refunded, released, waived } from './evolve-payouts.js';
import { timerFired } from './evolve-timers.js';
import { accrued, approvalRecorded, confirmed, evidenceAccepted, secretRevealed } from './evolve-units.js';
import { impossible } from './impossible.js';
import { isEnded, type Contract, type ContractState } from './state.js';

/** @throws ImpossibleHistoryError */
export function apply(state: ContractState, event: BareEvent): Contract {
  const { data } = event;
  if (state.status === 'absent') {
    if (event.type !== 'ContractDrafted' || data.seq !== 0)
      throw impossible(event.type, 'without a contract');
    return drafted(event.data);
  }
  if (data.seq !== state.seq) throw impossible(event.type, 'out of sequence');
  if (data.at < state.at) throw impossible(event.type, 'before the event before it');
  if (isEnded(state)) throw impossible(event.type, 'after the end');
  const next = isAgreement(event) ? applyAgreement(state, event) : applyTo(state, event);
  return { ...next, seq: state.seq + 1, at: data.at };
}

function applyTo(state: Contract, event: Exclude<BareEvent, AgreementEvent>): Contract {
  switch (event.type) {
    case 'ContractDrafted':
      throw impossible(event.type, 'twice');
    case 'ContractSigned':
      return signed(state, event.data);
    case 'FundingReserved':
      return reserved(state, event.data);
    case 'FundingReleased':
      return fundingReleased(state, event.data);
    case 'FundsDeposited':
      return deposited(state, event.data);
    case 'ContractActivated':
      return activated(state, event.data);
    case 'EvidenceAccepted':
      return evidenceAccepted(state, event.data);
    case 'EntitlementAccrued':
      return accrued(state, event.data);
    case 'AccrualConfirmed':
      return confirmed(state, event.data);
    case 'ApprovalRecorded':
      return approvalRecorded(state, event.data);
    case 'SecretRevealed':
      return secretRevealed(state, event.data);
    case 'FundsReleased':
      return released(state, event.data);
    case 'FundsRefunded':
      return refunded(state, event.data);
    case 'EntitlementWaived':
      return waived(state, event.data);
    case 'TimerFired':
      return timerFired(state, event.data);
    case 'ContractClosing':
      return { ...state, status: 'closing', closing: event.data.reason, amendment: null };
    case 'ContractClosed':
      return closed(state, event.data);
    default:
      return assertNever(event, 'release contract event');
  }
}

const AGREEMENT = [
  'DisputeOpened',
  'DisputeResolved',
  'VoteRecorded',
  'AmendmentProposed',
  'AmendmentSigned',
  'AmendmentWithdrawn',
  'ContractAmended',
] as const;
type AgreementEvent = Extract<BareEvent, { type: (typeof AGREEMENT)[number] }>;

/** What parties disagree on, and agree on anew. */
function isAgreement(event: BareEvent): event is AgreementEvent {
  return (AGREEMENT as readonly string[]).includes(event.type);
}

function applyAgreement(state: Contract, event: AgreementEvent): Contract {
  switch (event.type) {
    case 'DisputeOpened':
      return disputeOpened(state, event.data);
    case 'VoteRecorded': {
      const { dispute } = state;
      if (dispute?.disputeId !== event.data.disputeId) throw impossible(event.type, 'without its dispute');
      const { role, outcome } = event.data;
      const votes = [...dispute.votes.filter((vote) => vote.role !== role), { role, outcome }];
      return { ...state, dispute: { ...dispute, votes } };
    }
    case 'DisputeResolved':
      return disputeResolved(state, event.data);
    case 'AmendmentProposed':
      return amendmentProposed(state, event.data);
    case 'AmendmentSigned':
      return amendmentSigned(state, event.data);
    case 'AmendmentWithdrawn':
      return { ...state, amendment: null };
    case 'ContractAmended':
      return amended(state, event.data);
    default:
      return assertNever(event, 'release contract event');
  }
}
