import type { EventType } from '#libs/event-log/codec/types.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { AccountPath, Asset } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type {
  CheckedSignature,
  Common,
  ContractActor,
  ContractStatus,
  MomentTimer,
  PartySignature,
  Split,
  Totals,
  UnitRef,
} from '../domain/release-contract/messages.js';

/** An event type of a release contract: the common members, and its own. */
export function happened<Data>(
  encode: (data: Data) => JsonObject,
  decode: (json: JsonObject) => Data,
): EventType<Common & Data> {
  return {
    version: 1,
    encode: (data) => ({ ...encodeCommon(data), ...encode(data) }),
    decode: (json) => ({ ...decodeCommon(json), ...decode(json) }),
  };
}

function encodeCommon({ contractId, seq, at, asset, by, totals, status, nextDueAt }: Common): JsonObject {
  return {
    contractId,
    seq,
    at,
    asset,
    by: { role: by.role, partyId: by.partyId },
    totals: {
      funded: amountText(totals.funded),
      released: amountText(totals.released),
      refunded: amountText(totals.refunded),
      held: amountText(totals.held),
      frozen: amountText(totals.frozen),
    },
    status,
    nextDueAt,
  };
}

function decodeCommon(json: JsonObject): Common {
  const by = json['by'] as JsonObject;
  return {
    contractId: json['contractId'] as ContractId,
    seq: json['seq'] as number,
    at: json['at'] as Instant,
    asset: json['asset'] as Asset,
    by: { role: by['role'], partyId: by['partyId'] } as ContractActor,
    totals: decodeTotals(json['totals'] as JsonObject),
    status: json['status'] as ContractStatus,
    nextDueAt: json['nextDueAt'] as Instant | null,
  };
}

function decodeTotals(json: JsonObject): Totals {
  return {
    funded: amountOf(json, 'funded'),
    released: amountOf(json, 'released'),
    refunded: amountOf(json, 'refunded'),
    held: amountOf(json, 'held'),
    frozen: amountOf(json, 'frozen'),
  };
}

/** Minor units of the event's one `asset`, as integer text. */
export function amountText(amount: bigint): string {
  return amount.toString();
}

export function amountOf(json: JsonObject, name: string): bigint {
  return BigInt(json[name] as string);
}

export function encodeUnit({ ruleId, dedupeKey }: UnitRef): JsonObject {
  return { ruleId, dedupeKey };
}

export function decodeUnit(json: JsonObject): UnitRef {
  return { ruleId: json['ruleId'] as string, dedupeKey: json['dedupeKey'] as string };
}

export function encodeSplits(splits: readonly Split[]): Json {
  return splits.map(({ role, amount, account, onTo }) => ({
    role,
    amount: amountText(amount),
    account,
    ...(onTo === undefined ? {} : { onTo }),
  }));
}

export function decodeSplits(json: Json | undefined): readonly Split[] {
  return (json as readonly JsonObject[]).map((split) => ({
    role: split['role'] as string,
    amount: amountOf(split, 'amount'),
    account: split['account'] as AccountPath,
    ...(split['onTo'] === undefined ? {} : { onTo: split['onTo'] as AccountPath }),
  }));
}

export function encodeTimers(timers: readonly MomentTimer[]): Json {
  return timers.map(({ timerId, dueAt }) => ({ timerId, dueAt }));
}

export function decodeTimers(json: Json | undefined): readonly MomentTimer[] {
  return (json as readonly JsonObject[]).map((timer) => ({
    timerId: timer['timerId'] as string,
    dueAt: timer['dueAt'] as Instant,
  }));
}

export function encodeSignatures(signatures: readonly CheckedSignature[]): Json {
  return signatures.map(({ keyId, alg, sig }) => ({ keyId, alg, sig }));
}

export function decodeSignatures(json: Json | undefined): readonly CheckedSignature[] {
  return (json as readonly JsonObject[]).map((signature) => ({
    keyId: signature['keyId'] as string,
    alg: signature['alg'] as CheckedSignature['alg'],
    sig: signature['sig'] as string,
  }));
}

export function encodeSignature({ keyId, alg, docHash, sig, publicKey }: PartySignature): JsonObject {
  return { keyId, alg, docHash, sig, ...(publicKey === undefined ? {} : { publicKey }) };
}

export function decodeSignature(json: Json | undefined): PartySignature {
  const signature = json as JsonObject;
  return {
    keyId: signature['keyId'] as string,
    alg: signature['alg'] as PartySignature['alg'],
    docHash: signature['docHash'] as string,
    sig: signature['sig'] as string,
    ...(signature['publicKey'] === undefined ? {} : { publicKey: signature['publicKey'] as string }),
  };
}
