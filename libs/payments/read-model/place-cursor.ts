import { InvalidInputError } from '#libs/kernel/errors/index.js';

/** Where a page ended: the columns that order the list. */
type Place = readonly [string, string];

export function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws InvalidInputError `INVALID_CURSOR` */
export function placeOf(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string')) {
      return place as unknown as Place;
    }
  } catch {
    // Falls through to the one answer for every cursor that is none of ours.
  }
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
