import type { RawFilter } from './engine-api.js';

export type NameTest = (name: string) => boolean;

/** A filter taken apart into what it asks of the stream's name and of the event's type; empty lists let all pass. */
export interface NameTests {
  readonly streams: readonly NameTest[];
  readonly types: readonly NameTest[];
}

/** @throws SyntaxError for a malformed regular expression */
export function nameTestsOf(filter: RawFilter): NameTests {
  const streams = testsOf(filter.excludeSystemStreams, filter.streamPrefixes, filter.streamRegex);
  const types = testsOf(filter.excludeSystemTypes, filter.typePrefixes, filter.typeRegex);
  if (filter.types && filter.types.length > 0) {
    const wanted = new Set(filter.types);
    types.push((type) => wanted.has(type));
  }
  return { streams, types };
}

/** @throws SyntaxError */
export function regexOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}

function testsOf(
  excludeSystem: boolean | undefined,
  prefixes: readonly string[] | undefined,
  regex: string | undefined,
): NameTest[] {
  const tests: NameTest[] = [];
  if (excludeSystem) tests.push((name) => !name.startsWith('$'));
  if (prefixes && prefixes.length > 0)
    tests.push((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  if (regex !== undefined && regex !== '') {
    const compiled = regexOf(regex);
    tests.push((name) => compiled.test(name));
  }
  return tests;
}
