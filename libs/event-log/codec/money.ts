import { fromStoredMoney, type Money, type Posting, type StoredMoney } from '#libs/kernel/money/index.js';
import type { Json, JsonObject } from '#libs/event-log/port/index.js';

/** `{"asset":"CNY/2","amount":"140950"}` */
export function encodeMoney({ asset, amount }: Money): JsonObject {
  return { asset, amount: amount.toString() };
}

/** @throws InvalidInputError `INVALID_ASSET`, SyntaxError for an amount that is no integer */
export function decodeMoney(json: Json | undefined): Money {
  return fromStoredMoney(json as unknown as StoredMoney);
}

/** Every event that moves money carries `postings` at the top level of its data, in this one shape. */
export function encodePostings(postings: readonly Posting[]): Json {
  return postings.map(({ source, destination, amount }) => ({
    source,
    destination,
    amount: encodeMoney(amount),
  }));
}

export function decodePostings(json: Json | undefined): readonly Posting[] {
  return (json as readonly JsonObject[]).map((posting) => ({
    source: posting['source'] as string,
    destination: posting['destination'] as string,
    amount: decodeMoney(posting['amount']),
  }));
}
