/**
 * The exported log, as the checker reads it: one JSON object per line, in log order. The checker shares no code with the
 * product: what it believes about an event is what stands in the line.
 */
export interface ExportedEvent {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  /** `PaymentCaptured.v1` */
  readonly type: string;
  readonly recordedAt: string;
  readonly data: JsonRecord;
  readonly metadata: JsonRecord;
}

export type JsonRecord = { readonly [key: string]: unknown };

/** A payment the product said yes to, written down by whoever asked for it at the moment the answer arrived. */
export interface Acknowledgement {
  readonly paymentId: string;
  readonly asset: string;
  /** Minor units, decimal. */
  readonly amount: string;
  readonly receipts: readonly string[];
  /** What was paid, when the asker wrote it down. */
  readonly bills?: readonly { readonly billId: string; readonly amount: string }[];
}

export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

/** @throws UnreadableInput */
export function parseEvent(line: string, lineNumber: number): ExportedEvent {
  const value = parseObject(line, lineNumber);
  for (const field of ['position', 'stream', 'id', 'type', 'recordedAt'] as const) {
    if (typeof value[field] !== 'string' || value[field] === '') {
      throw new UnreadableInput(`Line ${lineNumber} of the log has no ${field}.`);
    }
  }
  if (!Number.isSafeInteger(value['revision'])) {
    throw new UnreadableInput(`Line ${lineNumber} of the log has no revision.`);
  }
  for (const field of ['data', 'metadata'] as const) {
    if (!isRecord(value[field])) throw new UnreadableInput(`Line ${lineNumber} of the log has no ${field}.`);
  }
  return value as unknown as ExportedEvent;
}

/** @throws UnreadableInput */
export function parseObject(line: string, lineNumber: number): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UnreadableInput(`Line ${lineNumber} is not JSON.`);
  }
  if (!isRecord(value)) throw new UnreadableInput(`Line ${lineNumber} is not a JSON object.`);
  return value;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Amount {
  readonly asset: string;
  readonly minor: bigint;
}

/** Reads `{"asset":"CNY/2","amount":"140950"}`; anything else is `undefined`, which a rule reports. */
export function amountOf(value: unknown): Amount | undefined {
  if (!isRecord(value)) return undefined;
  const { asset, amount } = value;
  if (typeof asset !== 'string' || !/^[A-Z]{3,10}\/\d{1,2}$/.test(asset)) return undefined;
  if (typeof amount !== 'string' || !/^-?(0|[1-9]\d*)$/.test(amount)) return undefined;
  return { asset, minor: BigInt(amount) };
}

/** `PaymentCaptured` of `PaymentCaptured.v1`. */
export function nameOf(type: string): string {
  const dot = type.lastIndexOf('.v');
  return dot < 0 ? type : type.slice(0, dot);
}

/** Minor units of an optional amount: none is zero. */
export function minorOf(value: unknown): bigint {
  return amountOf(value)?.minor ?? 0n;
}

/** The records of a list; whatever else is in it is left out. */
export function recordsOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Text of a field, `''` when it is not there. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `p1` of `payment-p1`; undefined for a stream of another category. */
export function idIn(category: string, stream: string): string | undefined {
  return stream.startsWith(`${category}-`) ? stream.slice(category.length + 1) : undefined;
}
