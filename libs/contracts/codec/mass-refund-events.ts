import { defineEvents } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId, OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  Actor,
  Figures,
  MassRefundEvent,
  MassRefundId,
  Round,
  WoundUp,
} from '../domain/mass-refund/index.js';
import type { ContractStatus } from '../domain/release-contract/index.js';

/** How the events of a mass refund are stored: schemas/events/contracts. Amounts are integer texts of the asset beside them. */
export const massRefundEvents = defineEvents<MassRefundEvent>('contracts', {
  MassRefundRequested: {
    version: 1,
    encode: (data) => ({ ...data, requester: encodeActor(data.requester) }),
    decode: (json) => ({
      ...placeOf(json),
      tenant: json['tenant'] as TenantId,
      organisationId: json['organisationId'] as OrganisationId,
      authorityId: json['authorityId'] as OrganisationId | null,
      reason: json['reason'] as string,
      requester: json['requester'] as unknown as Actor,
      approvalId: json['approvalId'] as string,
      contracts: json['contracts'] as number,
      expiresAt: json['expiresAt'] as Instant,
    }),
  },
  MassRefundDeclined: {
    version: 1,
    encode: ({ checker, ...data }) => ({ ...data, checker: encodeActor(checker) }),
    decode: (json) => ({ ...placeOf(json), checker: json['checker'] as unknown as Actor }),
  },
  MassRefundApproved: {
    version: 1,
    encode: ({ checker, ...data }) => ({ ...data, checker: encodeActor(checker) }),
    decode: (json) => ({ ...placeOf(json), checker: json['checker'] as unknown as Actor }),
  },
  MassRefundProgressed: {
    version: 1,
    encode: ({ outcomes, figures, ...data }) => ({
      ...data,
      outcomes: outcomes.map(encodeOutcome),
      figures: encodeFigures(figures),
    }),
    decode: (json) => ({
      ...placeOf(json),
      round: json['round'] as Round,
      after: json['after'] as ContractId,
      outcomes: (json['outcomes'] as readonly JsonObject[]).map(decodeOutcome),
      figures: decodeFigures(json['figures']),
    }),
  },
  MassRefundCompleted: {
    version: 1,
    encode: ({ figures, ...data }) => ({ ...data, figures: encodeFigures(figures) }),
    decode: (json) => ({ ...placeOf(json), figures: decodeFigures(json['figures']) }),
  },
});

function placeOf(json: JsonObject): { readonly massRefundId: MassRefundId; readonly at: Instant } {
  return { massRefundId: json['massRefundId'] as MassRefundId, at: json['at'] as Instant };
}

function encodeActor({ accountId, personId }: Actor): JsonObject {
  return { accountId, personId };
}

function encodeOutcome({ heldBefore, refunded, released, owed, ...facts }: WoundUp): JsonObject {
  return { ...facts, ...textsOf({ heldBefore, refunded, released, owed }) };
}

function decodeOutcome(json: JsonObject): WoundUp {
  return {
    contractId: json['contractId'] as ContractId,
    templateId: json['templateId'] as string,
    subject: json['subject'] as string,
    funder: json['funder'] as string,
    asset: json['asset'] as Asset,
    ...amountsOf(json),
    status: json['status'] as ContractStatus,
    code: json['code'] as string | null,
  };
}

function encodeFigures({ contracts, left, sums }: Figures): JsonObject {
  const encoded = sums.map(({ asset, ...amounts }) => ({ asset, ...textsOf(amounts) }));
  return { contracts, left, sums: encoded };
}

function decodeFigures(json: Json | undefined): Figures {
  const { contracts, left, sums } = json as JsonObject;
  return {
    contracts: contracts as number,
    left: left as number,
    sums: (sums as readonly JsonObject[]).map((sum) => ({
      asset: sum['asset'] as Asset,
      ...amountsOf(sum),
    })),
  };
}

type Amounts = Pick<WoundUp, 'heldBefore' | 'refunded' | 'released' | 'owed'>;

function textsOf({ heldBefore, refunded, released, owed }: Amounts): JsonObject {
  return {
    heldBefore: heldBefore.toString(),
    refunded: refunded.toString(),
    released: released.toString(),
    owed: owed.toString(),
  };
}

function amountsOf(json: JsonObject): Amounts {
  const amount = (name: keyof Amounts): bigint => BigInt(json[name] as string);
  return {
    heldBefore: amount('heldBefore'),
    refunded: amount('refunded'),
    released: amount('released'),
    owed: amount('owed'),
  };
}
