import { defineEvents } from '#libs/event-log/codec/types.js';
import type { FeeItemId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { FeeItemEvent } from '../domain/fee-item/index.js';

/** How the events of a fee item are stored: schemas/events/billing. */
export const feeItemEvents = defineEvents<FeeItemEvent>('billing', {
  FeeItemDefined: {
    version: 1,
    encode: (data) => ({
      feeItemId: data.feeItemId,
      tenant: data.tenant,
      organisationId: data.organisationId,
      code: data.code,
      name: data.name,
      category: data.category,
      glCode: data.glCode,
      priority: data.priority,
      requestId: data.requestId,
    }),
    decode: (json) => ({
      feeItemId: json['feeItemId'] as FeeItemId,
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      code: json['code'] as string,
      name: json['name'] as string,
      category: json['category'] as string,
      glCode: json['glCode'] as string,
      priority: json['priority'] as number,
      requestId: json['requestId'] as string,
    }),
  },
});
