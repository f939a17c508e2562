import { assertNever } from '#libs/kernel/errors/index.js';
import type { ContractEvent, Split } from '../release-contract/messages.js';
import type { SimulatedLine } from './types.js';

/** What one event says in figures. */
export function lineOf({ type, data }: ContractEvent, act: number | null): SimulatedLine {
  const { at, totals, status } = data;
  const event = { type, data } as ContractEvent;
  return { at, act, what: type, ...NOTHING, ...figuresOf(event), totals, status, refusal: null };
}

type Figures = Pick<SimulatedLine, 'rule' | 'units' | 'amount' | 'splits' | 'dueAt'>;

export const NOTHING: Figures = { rule: null, units: [], amount: null, splits: [], dueAt: null };

function figuresOf({ type, data }: ContractEvent): Partial<Figures> {
  switch (type) {
    case 'FundingReserved':
    case 'FundsDeposited':
      return { amount: data.amount };
    case 'EvidenceAccepted':
      return {
        rule: data.statement.rule,
        units: [data.statement.dedupeKey],
        amount: data.entitlementAfter - data.entitlementBefore,
        dueAt: data.payableAt,
      };
    case 'EntitlementAccrued':
      return { ...unit(data), amount: data.after - data.before, dueAt: data.payableAt };
    case 'AccrualConfirmed':
      return unit(data);
    case 'ApprovalRecorded':
      return unit(data.unit);
    case 'SecretRevealed':
      return { rule: data.ruleId };
    case 'FundsReleased':
    case 'FundsRefunded':
      return {
        rule: data.ruleId,
        units: data.dedupeKeys,
        amount: data.amount,
        splits: data.splits.map(partOf),
      };
    case 'EntitlementWaived':
      return { ...unit(data), amount: data.amount };
    case 'DisputeOpened':
      return { ...(data.subject && unit(data.subject)), amount: data.frozenAmount, dueAt: data.deadline };
    case 'DisputeResolved':
      return { amount: data.release + data.refund };
    case 'TimerFired':
      return { dueAt: data.dueAt };
    case 'ContractClosing':
      return { rule: data.ruleId, amount: data.owed };
    case 'ContractDrafted':
      return { dueAt: data.fundBy };
    case 'ContractActivated':
    case 'ContractAmended':
      return { dueAt: data.endsAt };
    case 'ContractSigned':
    case 'FundingReleased':
    case 'VoteRecorded':
    case 'AmendmentProposed':
    case 'AmendmentSigned':
    case 'AmendmentWithdrawn':
    case 'ContractClosed':
      return {};
    default:
      return assertNever(type, 'event');
  }
}

function unit({ ruleId, dedupeKey }: { readonly ruleId: string; readonly dedupeKey: string }) {
  return { rule: ruleId, units: dedupeKey === '' ? [] : [dedupeKey] };
}

function partOf({ role, amount }: Split) {
  return { role, amount };
}
