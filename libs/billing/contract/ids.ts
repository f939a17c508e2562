import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import {
  asId,
  type BillId,
  type FeeItemId,
  type OrganisationId,
  type TenantId,
} from '#libs/kernel/ids/index.js';

/** What a bill is for; the same five again are the same bill, which makes a re-upload harmless. */
export interface BillKey {
  readonly organisationId: OrganisationId;
  readonly academicYear: string;
  readonly term: string;
  readonly payerNumber: string;
  readonly feeItemId: FeeItemId;
}

export function billIdFor({ organisationId, academicYear, term, payerNumber, feeItemId }: BillKey): BillId {
  return asId<'bill'>(
    deriveUuid(UUID_NAMESPACES.entity, 'bill', organisationId, academicYear, term, payerNumber, feeItemId),
  );
}

/** Terms of one organisation of one tenant; another tenant's organisation of the same name has terms of its own. */
export function billingTermsIdFor(tenant: TenantId, organisationId: OrganisationId): string {
  return deriveUuid(UUID_NAMESPACES.entity, 'billingTerms', tenant, organisationId);
}

/** One fee item per organisation and code. */
export function feeItemIdFor(organisationId: OrganisationId, code: string): FeeItemId {
  return asId<'feeItem'>(deriveUuid(UUID_NAMESPACES.entity, 'feeItem', organisationId, code));
}
