import { defineEvents, type EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import {
  organisationDecider,
  type OrganisationCommand,
  type OrganisationEvent,
  type OrganisationRefusal,
  type OrganisationState,
} from '../domain/organisation/index.js';

/** How the events of an organisation are stored: schemas/events/onboarding. */
export const organisationEvents = defineEvents<OrganisationEvent>('onboarding', {
  OrganisationRegistered: {
    version: 1,
    encode: ({ organisationId, tenant, nameZh, nameEn, kind, registeredAt }) => ({
      organisationId,
      tenant,
      nameZh,
      nameEn,
      kind,
      registeredAt,
    }),
    decode: (json) => ({
      organisationId: json['organisationId'] as OrganisationId,
      tenant: json['tenant'] as TenantId,
      nameZh: json['nameZh'] as string,
      nameEn: json['nameEn'] as string,
      kind: json['kind'] as 'school',
      registeredAt: json['registeredAt'] as Instant,
    }),
  },
  MerchantCategorySet: {
    version: 1,
    encode: ({ organisationId, mcc, from, setAt }) => ({ organisationId, mcc, from, setAt }),
    decode: (json) => ({
      organisationId: json['organisationId'] as OrganisationId,
      mcc: json['mcc'] as string,
      from: json['from'] as LocalDate,
      setAt: json['setAt'] as Instant,
    }),
  },
});

/** `organisation-<id>` */
export const organisationAggregate: Aggregate<
  OrganisationCommand,
  OrganisationState,
  OrganisationEvent,
  OrganisationRefusal
> = { category: 'organisation', decider: organisationDecider, events: organisationEvents };

/** Everything onboarding stores, for the catalogue of a program. */
export const onboardingEventSets: readonly EventSet[] = [organisationEvents as unknown as EventSet];
