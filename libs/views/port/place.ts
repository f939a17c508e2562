import { InvalidInputError } from '#libs/kernel/errors/index.js';

/** A cursor: the values of the ordering columns of the last row, opaque to clients. */
export function cursorAt(...place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The values behind a cursor of `count` columns. @throws InvalidInputError `INVALID_CURSOR` */
export function placeAt(cursor: string, count: 2): readonly [string, string];
export function placeAt(cursor: string, count: 3): readonly [string, string, string];
export function placeAt(cursor: string, count: number): readonly string[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === count && place.every((part) => typeof part === 'string')) {
      return place as readonly string[];
    }
  } catch {
    // Falls through to the one answer for every cursor that is none of ours.
  }
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
