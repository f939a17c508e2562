/**
 * An immutable set of keyed hashes (hex, evenly spread) that stays cheap when it is large: adding copies a path of small arrays.
 * A copied `Set` would make every sign-up dearer than the one before.
 */
export type People = Branch | string | undefined;
type Branch = readonly People[];

const DIGITS = 16;

export function includesPerson(people: People, key: string): boolean {
  let place = people;
  for (let depth = 0; typeof place === 'object'; depth += 1) place = place[digitOf(key, depth)];
  return place === key;
}

/** The same set where the key is in it already. */
export function withPerson(people: People, key: string, depth = 0): People {
  if (people === undefined || people === key) return key;
  if (typeof people === 'string') {
    // Two keys share their digits down to here: the one that was alone moves one level down.
    const branch = Array.from<People>({ length: DIGITS });
    branch[digitOf(people, depth)] = people;
    return withPerson(branch, key, depth);
  }
  const copy = people.slice();
  const digit = digitOf(key, depth);
  copy[digit] = withPerson(people[digit], key, depth + 1);
  return copy;
}

function digitOf(key: string, depth: number): number {
  return Number.parseInt(key.charAt(depth), DIGITS);
}
