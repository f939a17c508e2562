import { defineEvents } from '#libs/event-log/codec/types.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { BillingTermsEvent } from '../domain/billing-terms/index.js';
import { decodePolicy, encodePolicy } from './policy.js';

/** How the terms of an organisation are stored: schemas/events/billing. */
export const billingTermsEvents = defineEvents<BillingTermsEvent>('billing', {
  BillingTermsSet: {
    version: 1,
    encode: ({ tenant, organisationId, effectiveFrom, terms, requestId, setAt }) => ({
      tenant,
      organisationId,
      effectiveFrom,
      terms: encodePolicy(terms),
      requestId,
      setAt,
    }),
    decode: (json) => ({
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      effectiveFrom: json['effectiveFrom'] as LocalDate,
      terms: decodePolicy(json['terms']),
      requestId: json['requestId'] as string,
      setAt: json['setAt'] as Instant,
    }),
  },
});
