import { assertNever } from '#libs/kernel/errors/index.js';
import { formatDecimal, money } from '#libs/kernel/money/index.js';
import type { ContractMessageKey } from '../contract/views.js';
import type {
  Common,
  ContractEvent,
  EntitlementAccrued,
  EvidenceAccepted,
  TimerFired,
  UnitRef,
} from '../domain/release-contract/messages.js';

/** An event as a sentence: its key, its figures, what it is about. */
export interface Told {
  readonly messageKey: ContractMessageKey;
  readonly unit?: UnitRef;
  /** Minor units of the contract's asset. */
  readonly amount?: bigint;
  readonly details: Readonly<Record<string, string>>;
}

type TypeOf<Event> = Event extends { readonly type: infer Type } ? Type : never;
type Ending = Extract<
  TypeOf<ContractEvent>,
  'ContractClosing' | 'ContractClosed' | 'TimerFired' | `Dispute${string}` | 'VoteRecorded'
>;
type Agreement = Extract<
  TypeOf<ContractEvent>,
  `Amendment${string}` | 'ContractAmended' | 'ContractDrafted' | 'ContractSigned' | 'ContractActivated'
>;

const AGREEMENT: ReadonlySet<string> = new Set<Agreement>([
  'ContractDrafted',
  'ContractSigned',
  'ContractActivated',
  'AmendmentProposed',
  'AmendmentSigned',
  'AmendmentWithdrawn',
  'ContractAmended',
]);
const ENDING: ReadonlySet<string> = new Set<Ending>([
  'ContractClosing',
  'ContractClosed',
  'TimerFired',
  'DisputeOpened',
  'DisputeResolved',
  'VoteRecorded',
]);

const TIMERS = ['fundBy', 'payable', 'at', 'step', 'dispute', 'end'] as const;

/** Amounts in details are decimals, moments RFC 3339. */
export function told(event: ContractEvent): Told {
  if (isOneOf<Agreement>(AGREEMENT, event)) return toldAgreement(event);
  if (isOneOf<Ending>(ENDING, event)) return toldEnding(event);
  return toldMoney(event);
}

type EventOf<Type> = Extract<ContractEvent, { readonly type: Type }>;

function isOneOf<Type extends TypeOf<ContractEvent>>(
  types: ReadonlySet<string>,
  event: ContractEvent,
): event is EventOf<Type> {
  return types.has(event.type);
}

function toldAgreement(event: EventOf<Agreement>): Told {
  switch (event.type) {
    case 'ContractDrafted': {
      const { template, fundBy, endsAt } = event.data;
      const details = { template: template.id, version: template.version, fundBy, endsAt };
      return { messageKey: 'contract.drafted', details };
    }
    case 'ContractSigned': {
      const { complete, role } = event.data;
      return { messageKey: complete ? 'contract.signed.complete' : 'contract.signed', details: { role } };
    }
    case 'ContractActivated':
      return { messageKey: 'contract.activated', details: { endsAt: event.data.endsAt } };
    case 'AmendmentProposed': {
      const { reason, template } = event.data;
      return { messageKey: 'contract.amendmentProposed', details: { reason, version: template.version } };
    }
    case 'AmendmentSigned':
      return { messageKey: 'contract.amendmentSigned', details: { role: event.data.role } };
    case 'AmendmentWithdrawn':
      return { messageKey: 'contract.amendmentWithdrawn', details: {} };
    case 'ContractAmended':
      return { messageKey: 'contract.amended', details: { endsAt: event.data.endsAt } };
    default:
      return assertNever(event, 'contract event');
  }
}

function toldEnding(event: EventOf<Ending>): Told {
  switch (event.type) {
    case 'DisputeOpened': {
      const { scope, subject, reasonCode, deadline, frozenAmount } = event.data;
      const details = { reason: reasonCode, deadline };
      const about = subject ? { unit: subject } : {};
      return { messageKey: `contract.disputed.${scope}`, ...about, amount: frozenAmount, details };
    }
    case 'VoteRecorded': {
      const { outcome, role } = event.data;
      return { messageKey: `contract.voted.${outcome}`, details: { role } };
    }
    case 'DisputeResolved': {
      const { outcome, how, release, refund } = event.data;
      const details = { released: decimal(event.data, release), refunded: decimal(event.data, refund) };
      return { messageKey: `contract.resolved.${outcome}.${how}`, details };
    }
    case 'TimerFired': {
      return toldTimer(event.data);
    }
    case 'ContractClosing':
      return { messageKey: `contract.closing.${event.data.reason}`, amount: event.data.owed, details: {} };
    case 'ContractClosed':
      return { messageKey: `contract.closed.${event.data.reason}`, details: {} };
    default:
      return assertNever(event, 'contract event');
  }
}

function toldMoney(event: Exclude<ContractEvent, EventOf<Agreement | Ending>>): Told {
  switch (event.type) {
    case 'FundingReserved':
      return { messageKey: 'contract.fundingReserved', amount: event.data.amount, details: {} };
    case 'FundingReleased':
      return { messageKey: 'contract.fundingReleased', details: {} };
    case 'FundsDeposited': {
      const { amount, source } = event.data;
      return { messageKey: `contract.deposited.${source.kind}`, amount, details: {} };
    }
    case 'EvidenceAccepted':
      return toldEvidence(event.data);
    case 'EntitlementAccrued':
      return toldAccrual(event.data);
    case 'AccrualConfirmed':
      return { messageKey: 'contract.confirmed', unit: unitOf(event.data), details: {} };
    case 'ApprovalRecorded': {
      const { unit, decision, role } = event.data;
      return { messageKey: `contract.approval.${decision}`, unit, details: { role } };
    }
    case 'SecretRevealed': {
      const unit = { ruleId: event.data.ruleId, dedupeKey: '' };
      return { messageKey: 'contract.secretRevealed', unit, details: {} };
    }
    case 'FundsReleased': {
      const { releaseId, ruleId, dedupeKeys, amount, cumulative } = event.data;
      const units = String(dedupeKeys.length);
      const details = { releaseId, cumulative: decimal(event.data, cumulative), units };
      if (ruleId === null) return { messageKey: 'contract.released.end', amount, details };
      return { messageKey: 'contract.released', unit: paidUnit(ruleId, dedupeKeys), amount, details };
    }
    case 'FundsRefunded': {
      const { refundId: releaseId, ruleId, reason, dedupeKeys, amount } = event.data;
      const about = ruleId === null ? {} : { unit: paidUnit(ruleId, dedupeKeys) };
      return { messageKey: `contract.refunded.${reason}`, ...about, amount, details: { releaseId } };
    }
    case 'EntitlementWaived': {
      const { amount, reason } = event.data;
      return { messageKey: `contract.waived.${reason}`, unit: unitOf(event.data), amount, details: {} };
    }
    default:
      return assertNever(event, 'contract event');
  }
}

function toldEvidence({
  statement,
  at,
  payableAt,
  entitlementBefore,
  entitlementAfter,
}: EvidenceAccepted['data']): Told {
  const unit = { ruleId: statement.rule, dedupeKey: statement.dedupeKey };
  const details = { observedAt: statement.observedAt };
  // What is still missing, an approval as a rule, comes with an event of its own.
  if (payableAt === null) return { messageKey: 'contract.evidence.waiting', unit, details };
  const amount = entitlementAfter - entitlementBefore;
  if (payableAt <= at) return { messageKey: 'contract.evidence.due', unit, amount, details };
  return { messageKey: 'contract.evidence.cooling', unit, amount, details: { ...details, payableAt } };
}

function toldAccrual(data: EntitlementAccrued['data']): Told {
  const amount = data.after - data.before;
  const unit = unitOf(data);
  const details = { payableAt: data.payableAt };
  if (data.claim) {
    const { spend, merchantId } = data.claim;
    const spent = { ...details, spend: decimal(data, spend), merchant: merchantId };
    return { messageKey: 'contract.accrued.claim', unit, amount, details: spent };
  }
  const kind = data.payableAt <= data.at ? 'due' : 'cooling';
  return { messageKey: `contract.accrued.${kind}`, unit, amount, details };
}

/** Several units paid at once are told as their rule. */
function paidUnit(ruleId: string, dedupeKeys: readonly string[]): UnitRef {
  return { ruleId, dedupeKey: dedupeKeys.length === 1 ? dedupeKeys[0]! : '' };
}

/** `payable:<rule>:<key>`, `at:<rule>`, `step:<rule>:<n>`, `dispute:<id>`, `fundBy`, `end`: ids of rules hold no colon. */
function toldTimer({ timerId, dueAt }: TimerFired['data']): Told {
  const [first = '', ruleId = '', ...rest] = timerId.split(':');
  const kind = TIMERS.find((known) => known === first) ?? 'at';
  const told = { messageKey: `contract.timer.${kind}`, details: { dueAt } } as const;
  switch (kind) {
    case 'payable':
      return { ...told, unit: { ruleId, dedupeKey: rest.join(':') } };
    case 'at':
    case 'step':
      return { ...told, unit: { ruleId, dedupeKey: '' } };
    default:
      return told;
  }
}

function unitOf({ ruleId, dedupeKey }: UnitRef): UnitRef {
  return { ruleId, dedupeKey };
}

function decimal({ asset }: Common, minor: bigint): string {
  return formatDecimal(money(asset, minor));
}
