import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';
import type { FeeItemId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { ItemPart } from '../domain/bill/index.js';

export function encodeParts(parts: readonly ItemPart[]): Json {
  return parts.map(({ feeItemId, amount }) => ({ feeItemId, amount: encodeMoney(amount) }));
}

export function decodeParts(json: Json | undefined): readonly ItemPart[] {
  return (json as readonly JsonObject[]).map((part) => ({
    feeItemId: part['feeItemId'] as FeeItemId,
    amount: decodeMoney(part['amount']),
  }));
}

/** A figure that is stored only where it is above zero. */
export function optionalMoney<Name extends string>(
  json: JsonObject,
  name: Name,
): { readonly [Field in Name]?: Money } {
  const stored = json[name];
  if (stored === undefined) return {};
  return { [name]: decodeMoney(stored) } as { readonly [Field in Name]?: Money };
}
