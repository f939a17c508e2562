import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { AccountPath } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ContractEvent, Party } from '../domain/release-contract/messages.js';
import type { ParameterValues, Template } from '../domain/template/types.js';
import { decodeSignature, decodeTimers, encodeSignature, encodeTimers, happened } from './common.js';
import { sharedTemplate } from './shared-template.js';

type Types = EventSet<ContractEvent>['types'];

/** What the parties agree on, and how they change it. */
export const agreementEventTypes: Pick<
  Types,
  | 'ContractDrafted'
  | 'ContractSigned'
  | 'AmendmentProposed'
  | 'AmendmentSigned'
  | 'AmendmentWithdrawn'
  | 'ContractAmended'
> = {
  ContractDrafted: happened(
    (data) => ({
      tenant: data.tenant,
      organisationId: data.organisationId,
      inputHash: data.inputHash,
      subject: data.subject,
      region: data.region,
      ...encodeDocument(data),
      parties: data.parties.map(encodeParty),
      docHash: data.docHash,
      fundBy: data.fundBy,
      endsAt: data.endsAt,
    }),
    (json) => ({
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      inputHash: json['inputHash'] as string,
      subject: json['subject'] as string,
      region: json['region'] as string,
      ...decodeDocument(json),
      parties: decodeParties(json['parties']),
      docHash: json['docHash'] as string,
      fundBy: json['fundBy'] as Instant,
      endsAt: json['endsAt'] as Instant,
    }),
  ),
  ContractSigned: happened(
    ({ role, signature, complete }) => ({ role, signature: encodeSignature(signature), complete }),
    (json) => ({
      role: json['role'] as string,
      signature: decodeSignature(json['signature']),
      complete: json['complete'] as boolean,
    }),
  ),
  AmendmentProposed: happened(
    (data) => ({
      amendmentId: data.amendmentId,
      ...encodeDocument(data),
      reason: data.reason,
      docHash: data.docHash,
    }),
    (json) => ({
      amendmentId: json['amendmentId'] as string,
      ...decodeDocument(json),
      reason: json['reason'] as string,
      docHash: json['docHash'] as string,
    }),
  ),
  AmendmentSigned: happened(
    ({ amendmentId, role, signature }) => ({ amendmentId, role, signature: encodeSignature(signature) }),
    (json) => ({
      amendmentId: json['amendmentId'] as string,
      role: json['role'] as string,
      signature: decodeSignature(json['signature']),
    }),
  ),
  AmendmentWithdrawn: happened(
    ({ amendmentId }) => ({ amendmentId }),
    (json) => ({ amendmentId: json['amendmentId'] as string }),
  ),
  ContractAmended: happened(
    ({ amendmentId, fromHash, toHash, endsAt, timers }) => ({
      amendmentId,
      fromHash,
      toHash,
      endsAt,
      timers: encodeTimers(timers),
    }),
    (json) => ({
      amendmentId: json['amendmentId'] as string,
      fromHash: json['fromHash'] as string,
      toHash: json['toHash'] as string,
      endsAt: json['endsAt'] as Instant,
      timers: decodeTimers(json['timers']),
    }),
  ),
};

interface Document {
  readonly template: Template;
  readonly templateHash: string;
  readonly params: ParameterValues;
}

/** Template and parameters are JSON already; their shape is checked where they come in. */
function encodeDocument({ template, templateHash, params }: Document): JsonObject {
  return {
    template: template as unknown as Json,
    templateHash,
    params: params as unknown as Json,
  };
}

function decodeDocument(json: JsonObject): Document {
  const templateHash = json['templateHash'] as string;
  return {
    template: sharedTemplate(templateHash, json['template']),
    templateHash,
    params: json['params'] as unknown as ParameterValues,
  };
}

function encodeParty({ role, partyId, kind, payTo }: Party): JsonObject {
  return { role, partyId, kind, payTo };
}

function decodeParties(json: Json | undefined): readonly Party[] {
  return (json as readonly JsonObject[]).map((party) => ({
    role: party['role'] as string,
    partyId: party['partyId'] as string,
    kind: party['kind'] as Party['kind'],
    payTo: party['payTo'] as AccountPath | null,
  }));
}
