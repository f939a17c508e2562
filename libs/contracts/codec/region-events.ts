import { defineEvents } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ParameterSet, RegionEvent, RegionProposalId } from '../domain/region/index.js';

/** How a region's parameters are stored: schemas/events/contracts. */
export const regionEvents = defineEvents<RegionEvent>('contracts', {
  RegionalParametersProposed: {
    version: 1,
    encode: ({ proposalId, set, setHash, tenant, maker, reason, at }) => ({
      proposalId,
      set: encodeSet(set),
      setHash,
      tenant,
      maker,
      reason,
      at,
    }),
    decode: (json) => ({
      proposalId: json['proposalId'] as RegionProposalId,
      set: json['set'] as unknown as ParameterSet,
      setHash: json['setHash'] as string,
      tenant: json['tenant'] as TenantId,
      maker: json['maker'] as string,
      reason: json['reason'] as string,
      at: json['at'] as Instant,
    }),
  },
  RegionalParametersSet: {
    version: 1,
    encode: ({ proposalId, set, checker, at }) => ({ proposalId, set: encodeSet(set), checker, at }),
    decode: (json) => ({
      proposalId: json['proposalId'] as RegionProposalId,
      set: json['set'] as unknown as ParameterSet,
      checker: json['checker'] as string,
      at: json['at'] as Instant,
    }),
  },
  RegionalParametersDropped: {
    version: 1,
    encode: ({ proposalId, why, checker, at }) => ({ proposalId, why, checker, at }),
    decode: (json) => ({
      proposalId: json['proposalId'] as RegionProposalId,
      why: json['why'] as 'declined' | 'late',
      checker: json['checker'] as string,
      at: json['at'] as Instant,
    }),
  },
});

/** Texts and lists of texts throughout: stored as it is. */
function encodeSet({ region, effectiveFrom, zone, holidays, workingDays, values }: ParameterSet): JsonObject {
  return { region, effectiveFrom, zone, holidays, workingDays, values: values as unknown as JsonObject };
}
