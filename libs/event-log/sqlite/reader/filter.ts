import type { RawFilter } from '../engine-api.js';
import { GenerationCache } from '../generation-cache.js';
import { nameTestsOf, type NameTest } from '../name-tests.js';
import type { Names } from './names.js';

/** Answers remembered per filter; a filter is asked about the same streams and types again and again. */
const REMEMBERED_STREAMS = 20_000;
const REMEMBERED_TYPES = 2_000;
const REMEMBERED_FILTERS = 64;

export interface KeyFilter {
  /** Decides by keys alone, without touching the event's body. */
  matches(streamKey: number, typeKey: number): boolean;
}

/** Compiles filters, and remembers the latest so that the pages of one subscription share their answers. */
export class Filters {
  private readonly compiled = new GenerationCache<string, KeyFilter>(REMEMBERED_FILTERS);

  constructor(
    private readonly streams: Names,
    private readonly types: Names,
  ) {}

  /** Undefined when the filter lets everything pass. @throws SyntaxError */
  of(filter: RawFilter | undefined): KeyFilter | undefined {
    if (!filter) return undefined;
    const text = JSON.stringify(filter);
    const known = this.compiled.get(text);
    if (known) return known;
    const fresh = this.compile(filter);
    if (fresh) this.compiled.set(text, fresh);
    return fresh;
  }

  private compile(filter: RawFilter): KeyFilter | undefined {
    const { streams: streamTests, types: typeTests } = nameTestsOf(filter);
    if (streamTests.length + typeTests.length === 0) return undefined;
    const streamMatches = remembered(this.streams, streamTests, REMEMBERED_STREAMS);
    const typeMatches = remembered(this.types, typeTests, REMEMBERED_TYPES);
    return { matches: (streamKey, typeKey) => typeMatches(typeKey) && streamMatches(streamKey) };
  }
}

function remembered(names: Names, tests: readonly NameTest[], size: number): (key: number) => boolean {
  if (tests.length === 0) return () => true;
  const answers = new GenerationCache<number, boolean>(size);
  return (key) => {
    let answer = answers.get(key);
    if (answer === undefined) {
      const name = names.of(key);
      answer = tests.every((test) => test(name));
      answers.set(key, answer);
    }
    return answer;
  };
}
