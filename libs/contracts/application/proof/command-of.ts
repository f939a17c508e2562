import type { ContractCommand, ContractEvent } from '../../domain/release-contract/messages.js';
import type { Rule } from '../../domain/terms/types.js';
import type { ContractState } from '../../domain/release-contract/index.js';
import { WEEKDAYS } from '../../domain/calendar/index.js';

type Asked<Command = ContractCommand> = Command extends unknown
  ? Omit<Command, 'at' | 'by' | 'calendar'>
  : never;
type Happened<Type extends ContractEvent['type']> = Extract<ContractEvent, { type: Type }>;

/**
 * Commands that may have led to these events, the likeliest first. Events say all that a command asked for, but for reasons in words
 * and the calendar; what the calendar decides is checked apart.
 */
export function commandsOf(
  events: readonly ContractEvent[],
  before: ContractState,
): readonly ContractCommand[] {
  const asked = events.flatMap((event) => {
    const ask = askedBy(event, before);
    return ask === undefined ? [] : [{ ask, event }];
  });
  const last = events.at(-1)!;
  const candidates = [...asked, { ask: { kind: 'tick' } as const, event: last }];
  return candidates.map(({ ask, event }) => {
    const { at, by } = event.data;
    return { ...ask, at, by, calendar: WEEKDAYS };
  });
}

/** What somebody asked for, if the event is the direct answer to a command. */
function askedBy(event: ContractEvent, before: ContractState): Asked | undefined {
  switch (event.type) {
    case 'ContractDrafted':
      return draftOf(event);
    case 'ContractSigned':
      return { kind: 'sign', role: event.data.role, signature: event.data.signature };
    case 'FundingReserved':
      return { kind: 'reserveFunding', paymentId: event.data.paymentId, amount: event.data.amount };
    case 'FundingReleased':
      return { kind: 'releaseFunding', paymentId: event.data.paymentId };
    case 'FundsDeposited': {
      const { depositId, source, amount } = event.data;
      return { kind: 'deposit', depositId, source, amount };
    }
    case 'EvidenceAccepted': {
      const { evidenceId, statement, statementHash, signatures } = event.data;
      return { kind: 'attest', evidenceId, statement, statementHash, signatures };
    }
    case 'EntitlementAccrued':
      return accrualAskedFor(event, before);
    case 'AccrualConfirmed':
      return { kind: 'confirm', ruleId: event.data.ruleId, dedupeKey: event.data.dedupeKey };
    case 'ApprovalRecorded':
      return { kind: 'approve', ...event.data.unit, decision: event.data.decision };
    case 'SecretRevealed': {
      const { ruleId, preimage, preimageHash } = event.data;
      return { kind: 'reveal', ruleId, preimage, preimageHash };
    }
    case 'FundsRefunded':
    case 'ContractClosing':
    case 'ContractClosed':
      return endAskedFor(event.data.reason);
    default:
      return disputeOrAmendmentAskedFor(event);
  }
}

function disputeOrAmendmentAskedFor(event: ContractEvent): Asked | undefined {
  switch (event.type) {
    case 'DisputeOpened': {
      const { disputeId, subject, reasonCode } = event.data;
      return { kind: 'dispute', disputeId, subject, reasonCode };
    }
    case 'VoteRecorded':
      return { kind: 'vote', disputeId: event.data.disputeId, outcome: event.data.outcome };
    case 'AmendmentProposed': {
      const { amendmentId, template, templateHash, params, reason, docHash } = event.data;
      return { kind: 'proposeAmendment', amendmentId, template, templateHash, params, reason, docHash };
    }
    case 'AmendmentSigned': {
      const { amendmentId, role, signature } = event.data;
      return { kind: 'signAmendment', amendmentId, role, signature };
    }
    case 'AmendmentWithdrawn':
      return { kind: 'withdrawAmendment', amendmentId: event.data.amendmentId };
    default:
      return undefined;
  }
}

function draftOf({ data }: Happened<'ContractDrafted'>): Asked {
  const { contractId, tenant, organisationId, inputHash, subject, region } = data;
  const { template, templateHash, params, parties, docHash } = data;
  const about = { contractId, tenant, organisationId, inputHash, subject, region };
  return { kind: 'draft', ...about, template, templateHash, params, parties, docHash };
}

function accrualAskedFor({ data }: Happened<'EntitlementAccrued'>, before: ContractState): Asked | undefined {
  const { ruleId, claim } = data;
  // The clock draws too, but nobody asks it to.
  if (!claim) return data.by.role === 'system' ? undefined : { kind: 'draw', ruleId };
  const { claimId, spend, merchantId, mcc, account } = claim;
  const earned = data.after - data.before;
  // How much was claimed is not recorded where the amount does not go by it.
  const amount = ruleIn(before, ruleId)?.amount.kind === 'claim' || earned < spend ? earned : spend;
  return { kind: 'claim', ruleId, claimId, amount, spend, merchantId, mcc, merchantAccount: account };
}

function ruleIn(state: ContractState, ruleId: string): Rule | undefined {
  return state.status === 'absent' ? undefined : state.terms.rules.find(({ id }) => id === ruleId);
}

function endAskedFor(reason: string): Asked | undefined {
  if (reason === 'withdrawn') return { kind: 'withdrawDraft', reason: '' };
  return reason === 'authority' ? { kind: 'closeByAuthority', overrideId: '', reason: '' } : undefined;
}
