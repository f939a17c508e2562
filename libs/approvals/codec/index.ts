import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  approvalDecider,
  type ApprovalCommand,
  type ApprovalEvent,
  type ApprovalId,
  type ApprovalKind,
  type ApprovalRefusal,
  type ApprovalState,
  type DecisionContent,
  type Person,
  type VoidCause,
} from '../domain/approval/index.js';

/** How the events of an approval are stored: schemas/events/approvals. */
export const approvalEvents = defineEvents<ApprovalEvent>('approvals', {
  ApprovalRequested: {
    version: 1,
    encode: (data) => ({
      approvalId: data.approvalId,
      kind: data.kind,
      tenant: data.tenant,
      ...(data.organisationId !== undefined && { organisationId: data.organisationId }),
      subject: data.subject,
      payload: { ...data.payload },
      payloadHash: data.payloadHash,
      maker: encodePerson(data.maker),
      reason: data.reason,
      requestedAt: data.requestedAt,
      expiresAt: data.expiresAt,
    }),
    decode: (json) => ({
      approvalId: json['approvalId'] as ApprovalId,
      kind: json['kind'] as ApprovalKind,
      tenant: json['tenant'] as TenantId,
      ...(json['organisationId'] !== undefined && {
        organisationId: json['organisationId'] as OrganisationId,
      }),
      subject: json['subject'] as string,
      payload: json['payload'] as Readonly<Record<string, string>>,
      payloadHash: json['payloadHash'] as string,
      maker: decodePerson(json['maker']),
      reason: json['reason'] as string,
      requestedAt: json['requestedAt'] as Instant,
      expiresAt: json['expiresAt'] as Instant,
    }),
  },
  ApprovalGranted: { version: 1, encode: encodeDecision, decode: decodeDecision },
  ApprovalDeclined: { version: 1, encode: encodeDecision, decode: decodeDecision },
  ApprovalVoided: {
    version: 1,
    encode: ({ approvalId, payloadHash, cause, reason, voidedAt }) => ({
      approvalId,
      payloadHash,
      cause,
      reason,
      voidedAt,
    }),
    decode: (json) => ({
      approvalId: json['approvalId'] as ApprovalId,
      payloadHash: json['payloadHash'] as string,
      cause: json['cause'] as VoidCause,
      reason: json['reason'] as string,
      voidedAt: json['voidedAt'] as Instant,
    }),
  },
  ApprovalUsed: {
    version: 1,
    encode: ({ approvalId, payloadHash, useId, usedAt }) => ({ approvalId, payloadHash, useId, usedAt }),
    decode: (json) => ({
      approvalId: json['approvalId'] as ApprovalId,
      payloadHash: json['payloadHash'] as string,
      useId: json['useId'] as string,
      usedAt: json['usedAt'] as Instant,
    }),
  },
});

function encodeDecision(data: DecisionContent): JsonObject {
  return {
    approvalId: data.approvalId,
    kind: data.kind,
    subject: data.subject,
    payloadHash: data.payloadHash,
    checker: encodePerson(data.checker),
    comment: data.comment,
    decidedAt: data.decidedAt,
  };
}

function decodeDecision(json: JsonObject): DecisionContent {
  return {
    approvalId: json['approvalId'] as ApprovalId,
    kind: json['kind'] as ApprovalKind,
    subject: json['subject'] as string,
    payloadHash: json['payloadHash'] as string,
    checker: decodePerson(json['checker']),
    comment: json['comment'] as string,
    decidedAt: json['decidedAt'] as Instant,
  };
}

function encodePerson({ accountId, personId }: Person): JsonObject {
  return { accountId, personId };
}

function decodePerson(json: JsonObject[string] | undefined): Person {
  const { accountId, personId } = json as { readonly accountId: string; readonly personId: string };
  return { accountId, personId };
}

/** `approval-<id>` */
export const approvalAggregate: Aggregate<ApprovalCommand, ApprovalState, ApprovalEvent, ApprovalRefusal> = {
  category: 'approval',
  decider: approvalDecider,
  events: approvalEvents,
};

/** Everything approvals store, for the catalogue of a program. */
export const approvalsEventSets: readonly EventSet[] = [approvalEvents as unknown as EventSet];
