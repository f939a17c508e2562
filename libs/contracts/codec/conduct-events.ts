import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { AccountPath } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  ApprovalRecorded,
  ContractClosed,
  ContractClosing,
  ContractEvent,
  DisputeOpened,
  DisputeResolved,
  EntitlementAccrued,
  EvidenceStatement,
} from '../domain/release-contract/messages.js';
import type { DisputeOutcome } from '../domain/terms/types.js';
import {
  amountOf,
  amountText,
  decodeSignatures,
  decodeTimers,
  decodeUnit,
  encodeSignatures,
  encodeTimers,
  encodeUnit,
  happened,
} from './common.js';

type Types = EventSet<ContractEvent>['types'];

/** How units are earned, confirmed, approved. */
export const earningEventTypes: Pick<
  Types,
  | 'ContractActivated'
  | 'EvidenceAccepted'
  | 'EntitlementAccrued'
  | 'AccrualConfirmed'
  | 'ApprovalRecorded'
  | 'SecretRevealed'
> = {
  ContractActivated: happened(
    ({ endsAt, timers }) => ({ endsAt, timers: encodeTimers(timers) }),
    (json) => ({ endsAt: json['endsAt'] as Instant, timers: decodeTimers(json['timers']) }),
  ),
  EvidenceAccepted: happened(
    (data) => ({
      evidenceId: data.evidenceId,
      attestor: data.attestor,
      statement: encodeStatement(data.statement),
      statementHash: data.statementHash,
      signatures: encodeSignatures(data.signatures),
      entitlementBefore: amountText(data.entitlementBefore),
      entitlementAfter: amountText(data.entitlementAfter),
      payableAt: data.payableAt,
    }),
    (json) => ({
      evidenceId: json['evidenceId'] as string,
      attestor: json['attestor'] as string,
      statement: decodeStatement(json['statement']),
      statementHash: json['statementHash'] as string,
      signatures: decodeSignatures(json['signatures']),
      entitlementBefore: amountOf(json, 'entitlementBefore'),
      entitlementAfter: amountOf(json, 'entitlementAfter'),
      payableAt: json['payableAt'] as Instant | null,
    }),
  ),
  EntitlementAccrued: happened(
    ({ before, after, payableAt, claim, ...unit }) => ({
      ...encodeUnit(unit),
      before: amountText(before),
      after: amountText(after),
      payableAt,
      ...(claim ? { claim: encodeClaim(claim) } : {}),
    }),
    (json) => ({
      ...decodeUnit(json),
      before: amountOf(json, 'before'),
      after: amountOf(json, 'after'),
      payableAt: json['payableAt'] as Instant,
      ...(json['claim'] === undefined ? {} : { claim: decodeClaim(json['claim']) }),
    }),
  ),
  AccrualConfirmed: happened(encodeUnit, decodeUnit),
  ApprovalRecorded: happened(
    ({ unit, role, decision }) => ({ unit: encodeUnit(unit), role, decision }),
    (json) => ({
      unit: decodeUnit(json['unit'] as JsonObject),
      role: json['role'] as string,
      decision: json['decision'] as ApprovalRecorded['data']['decision'],
    }),
  ),
  SecretRevealed: happened(
    ({ ruleId, preimage, preimageHash }) => ({ ruleId, preimage, preimageHash }),
    (json) => ({
      ruleId: json['ruleId'] as string,
      preimage: json['preimage'] as string,
      preimageHash: json['preimageHash'] as string,
    }),
  ),
};

/** Disputes, the clock, and the end. */
export const courseEventTypes: Pick<
  Types,
  'VoteRecorded' | 'DisputeOpened' | 'DisputeResolved' | 'TimerFired' | 'ContractClosing' | 'ContractClosed'
> = {
  VoteRecorded: happened(
    ({ disputeId, role, outcome }) => ({ disputeId, role, outcome }),
    (json) => ({
      disputeId: json['disputeId'] as string,
      role: json['role'] as string,
      outcome: json['outcome'] as DisputeOutcome,
    }),
  ),
  DisputeOpened: happened(
    (data) => ({
      disputeId: data.disputeId,
      role: data.role,
      subject: data.subject && encodeUnit(data.subject),
      scope: data.scope,
      frozenAmount: amountText(data.frozenAmount),
      reasonCode: data.reasonCode,
      deadline: data.deadline,
    }),
    (json) => ({
      disputeId: json['disputeId'] as string,
      role: json['role'] as string,
      subject: json['subject'] === null ? null : decodeUnit(json['subject'] as JsonObject),
      scope: json['scope'] as DisputeOpened['data']['scope'],
      frozenAmount: amountOf(json, 'frozenAmount'),
      reasonCode: json['reasonCode'] as string,
      deadline: json['deadline'] as Instant,
    }),
  ),
  DisputeResolved: happened(
    ({ disputeId, outcome, how, release, refund, shiftMs }) => ({
      disputeId,
      outcome,
      how,
      release: amountText(release),
      refund: amountText(refund),
      shiftMs,
    }),
    (json) => ({
      disputeId: json['disputeId'] as string,
      outcome: json['outcome'] as DisputeOutcome,
      how: json['how'] as DisputeResolved['data']['how'],
      release: amountOf(json, 'release'),
      refund: amountOf(json, 'refund'),
      shiftMs: json['shiftMs'] as number,
    }),
  ),
  TimerFired: happened(
    ({ timerId, dueAt }) => ({ timerId, dueAt }),
    (json) => ({ timerId: json['timerId'] as string, dueAt: json['dueAt'] as Instant }),
  ),
  ContractClosing: happened(
    ({ ruleId, reason, owed }) => ({ ruleId, reason, owed: amountText(owed) }),
    (json) => ({
      ruleId: json['ruleId'] as string | null,
      reason: json['reason'] as ContractClosing['data']['reason'],
      owed: amountOf(json, 'owed'),
    }),
  ),
  ContractClosed: happened(
    ({ reason }) => ({ reason }),
    (json) => ({ reason: json['reason'] as ContractClosed['data']['reason'] }),
  ),
};

function encodeStatement(statement: EvidenceStatement): JsonObject {
  const { contractId, rule, schema, dedupeKey, payload, observedAt } = statement;
  return { contractId, rule, schema, dedupeKey, payload: payload as JsonObject, observedAt };
}

function decodeStatement(json: Json | undefined): EvidenceStatement {
  const statement = json as JsonObject;
  return {
    contractId: statement['contractId'] as ContractId,
    rule: statement['rule'] as string,
    schema: statement['schema'] as string,
    dedupeKey: statement['dedupeKey'] as string,
    payload: statement['payload'] as JsonObject,
    observedAt: statement['observedAt'] as Instant,
  };
}

type Claim = NonNullable<EntitlementAccrued['data']['claim']>;

function encodeClaim({ claimId, spend, merchantId, mcc, account }: Claim): JsonObject {
  return { claimId, spend: amountText(spend), merchantId, mcc, account };
}

function decodeClaim(json: Json | undefined): Claim {
  const claim = json as JsonObject;
  return {
    claimId: claim['claimId'] as string,
    spend: amountOf(claim, 'spend'),
    merchantId: claim['merchantId'] as string,
    mcc: claim['mcc'] as string,
    account: claim['account'] as AccountPath,
  };
}
