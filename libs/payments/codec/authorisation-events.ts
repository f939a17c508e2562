import type { EventSet } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { OrganisationId, PaymentId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { AuthorisationEvent, OutsideChannel } from '../domain/payment/index.js';

export const authorisationTypes: EventSet<AuthorisationEvent>['types'] = {
  PaymentAuthorisationSought: {
    version: 1,
    encode: ({ paymentId, channel, operationId, organisationId, expiresAt, soughtAt }) => ({
      paymentId,
      channel,
      operationId,
      organisationId,
      expiresAt,
      soughtAt,
    }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      channel: json['channel'] as OutsideChannel,
      operationId: json['operationId'] as string,
      organisationId: json['organisationId'] as OrganisationId,
      expiresAt: json['expiresAt'] as Instant,
      soughtAt: json['soughtAt'] as Instant,
    }),
  },
  PaymentInstructed: {
    version: 1,
    encode: ({ paymentId, remittanceCode, instructedAt }) => ({ paymentId, remittanceCode, instructedAt }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      remittanceCode: json['remittanceCode'] as string,
      instructedAt: json['instructedAt'] as Instant,
    }),
  },
  PaymentAuthorised: {
    version: 1,
    encode: ({ paymentId, reference, authorisedAt }) => ({ paymentId, reference, authorisedAt }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      reference: json['reference'] as string,
      authorisedAt: json['authorisedAt'] as Instant,
    }),
  },
  PaymentOutcomeUnknown: {
    version: 1,
    encode: ({ paymentId, reason, since }) => ({ paymentId, reason, since }),
    decode: (json) => ({
      paymentId: paymentIdOf(json),
      reason: json['reason'] as string,
      since: json['since'] as Instant,
    }),
  },
};

function paymentIdOf(json: JsonObject): PaymentId {
  return json['paymentId'] as PaymentId;
}
