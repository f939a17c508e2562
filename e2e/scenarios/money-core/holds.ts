/** Something is not as it should be: what was looked at, what was expected and what came. */
export class NotAsItShouldBe extends Error {
  override readonly name = 'NotAsItShouldBe';
}

/**
 * `expected` says how `came` should be: of objects the fields it names, of arrays every place, of texts a pattern, and anything
 * else by being the same.
 *
 * @throws NotAsItShouldBe
 */
export function holds(what: string, came: unknown, expected: unknown): void {
  const difference = differenceOf(came, expected, '');
  if (difference === undefined) return;
  throw new NotAsItShouldBe(
    `${what}${difference.at}: expected ${textOf(difference.expected)}, came ${textOf(difference.came)}\n  all of it: ${textOf(came)}`,
  );
}

interface Difference {
  readonly at: string;
  readonly expected: unknown;
  readonly came: unknown;
}

function differenceOf(came: unknown, expected: unknown, at: string): Difference | undefined {
  const different = { at, expected, came };
  if (expected instanceof RegExp) {
    return typeof came === 'string' && expected.test(came) ? undefined : different;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(came) || came.length !== expected.length) return different;
    return first(expected.map((one, index) => differenceOf(came[index], one, `${at}[${index}]`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof came !== 'object' || came === null) return different;
    const fields = came as Readonly<Record<string, unknown>>;
    return first(
      Object.entries(expected).map(([name, one]) => differenceOf(fields[name], one, `${at}.${name}`)),
    );
  }
  return Object.is(came, expected) ? undefined : different;
}

const first = (differences: readonly (Difference | undefined)[]): Difference | undefined =>
  differences.find((one) => one !== undefined);

function textOf(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  return (
    JSON.stringify(value, (_name, one: unknown) =>
      one instanceof RegExp ? String(one) : typeof one === 'bigint' ? `${one}` : one,
    ) ?? 'nothing'
  );
}
