import { InvalidInputError } from '#libs/kernel/errors/index.js';

/** Opaque for clients: where a page ended. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

const PLACE = /^[A-Za-z0-9._:-]{1,330}$/;

/** @throws InvalidInputError `INVALID_CURSOR` */
export function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (!PLACE.test(place) || cursorOf(place) !== cursor)
    throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
  return place;
}

/** @throws InvalidInputError `INVALID_CURSOR` */
export function entryOf(cursor: string): number {
  const entry = Number(placeOf(cursor));
  if (Number.isSafeInteger(entry) && entry >= 0) return entry;
  throw new InvalidInputError('INVALID_CURSOR', 'A cursor comes from an earlier page.', ['after']);
}
