import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { OrganisationId, SubjectId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import {
  caseDecider,
  type CaseCommand,
  type CaseEvent,
  type CaseId,
  type CaseKind,
  type CasePriority,
  type CaseRefusal,
  type CaseState,
  type Facts,
} from '../domain/case/index.js';

/** How the events of a case are stored: schemas/events/cases. */
export const caseEvents = defineEvents<CaseEvent>('cases', {
  CaseOpened: {
    // v2: payouts that cannot be delivered. Every v1 event reads as v2 without a change.
    version: 2,
    upcasters: { 1: (json) => json },
    encode: (data) => ({
      caseId: data.caseId,
      kind: data.kind,
      tenant: data.tenant,
      ...(data.organisationId !== undefined && { organisationId: data.organisationId }),
      subject: data.subject,
      facts: { ...data.facts },
      ...encodeSaid(data),
      priority: data.priority,
      openedAt: data.openedAt,
      dueAt: data.dueAt,
    }),
    decode: (json) => ({
      caseId: json['caseId'] as CaseId,
      kind: json['kind'] as CaseKind,
      tenant: json['tenant'] as TenantId,
      ...(json['organisationId'] !== undefined && {
        organisationId: json['organisationId'] as OrganisationId,
      }),
      subject: json['subject'] as string,
      facts: json['facts'] as Facts,
      ...decodeSaid(json),
      priority: json['priority'] as CasePriority,
      openedAt: json['openedAt'] as Instant,
      dueAt: json['dueAt'] as Instant,
    }),
  },
  CaseAssigned: {
    version: 1,
    encode: ({ owner, assignedAt, ...act }) => ({ ...encodeAct(act), owner, assignedAt }),
    decode: (json) => ({
      ...decodeAct(json),
      owner: json['owner'] as string,
      assignedAt: json['assignedAt'] as Instant,
    }),
  },
  CaseNoted: {
    version: 1,
    encode: (data) => ({
      ...encodeAct(data),
      ...encodeSaid(data),
      facts: { ...data.facts },
      notedAt: data.notedAt,
    }),
    decode: (json) => ({
      ...decodeAct(json),
      ...decodeSaid(json),
      facts: json['facts'] as Facts,
      notedAt: json['notedAt'] as Instant,
    }),
  },
  CaseResolved: {
    version: 1,
    encode: (data) => ({
      ...encodeAct(data),
      ...encodeSaid(data),
      facts: { ...data.facts },
      resolvedAt: data.resolvedAt,
    }),
    decode: (json) => ({
      ...decodeAct(json),
      ...decodeSaid(json),
      facts: json['facts'] as Facts,
      resolvedAt: json['resolvedAt'] as Instant,
    }),
  },
  CaseReopened: {
    version: 1,
    encode: (data) => ({
      ...encodeAct(data),
      ...encodeSaid(data),
      reopenedAt: data.reopenedAt,
      dueAt: data.dueAt,
    }),
    decode: (json) => ({
      ...decodeAct(json),
      ...decodeSaid(json),
      reopenedAt: json['reopenedAt'] as Instant,
      dueAt: json['dueAt'] as Instant,
    }),
  },
});

interface Act {
  readonly caseId: CaseId;
  readonly requestId: string;
  readonly by: string;
}

function encodeAct({ caseId, requestId, by }: Act): JsonObject {
  return { caseId, requestId, by };
}

function decodeAct(json: JsonObject): Act {
  return {
    caseId: json['caseId'] as CaseId,
    requestId: json['requestId'] as string,
    by: json['by'] as string,
  };
}

interface Said {
  readonly complainant: SubjectId | null;
  readonly text: string | null;
}

/** Words on a complaint are personal data of the complainant and stand where the schema seals them. */
function encodeSaid({ complainant, text }: Said): JsonObject {
  const isComplaint = complainant !== null;
  return { complainant, statement: isComplaint ? text : null, text: isComplaint ? null : text };
}

function decodeSaid(json: JsonObject): Said {
  const complainant = json['complainant'] as SubjectId | null;
  return { complainant, text: json[complainant === null ? 'text' : 'statement'] as string | null };
}

/** `case-<id>` */
export const caseAggregate: Aggregate<CaseCommand, CaseState, CaseEvent, CaseRefusal> = {
  category: 'case',
  decider: caseDecider,
  events: caseEvents,
};

/** Everything cases store, for the catalogue of a program. */
export const casesEventSets: readonly EventSet[] = [caseEvents as unknown as EventSet];
