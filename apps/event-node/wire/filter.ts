import type { RawFilter } from '#libs/event-log/sqlite/engine-api.js';
import { invalidArgument } from './failures.js';

/** `FilterOptions` of reads and of persistent subscriptions, which are different messages of the same shape. */
interface FilterOptions {
  hasStreamIdentifier(): boolean;
  getStreamIdentifier(): Expression | undefined;
  getEventType(): Expression | undefined;
  hasMax(): boolean;
  getMax(): number;
  getCheckpointintervalmultiplier(): number;
}

interface Expression {
  getRegex(): string;
  getPrefixList(): string[];
}

export interface WireFilter {
  readonly filter: RawFilter;
  /** Events looked through without a match before the client is told how far the search is. */
  readonly checkpointEvery: number;
}

/** EventStoreDB's search window when the client names none. */
const DEFAULT_SEARCH_WINDOW = 32;

/** @throws Failure INVALID_ARGUMENT when the filter is empty or its expression does not compile */
export function wireFilterOf(options: FilterOptions): WireFilter {
  const onStream = options.hasStreamIdentifier();
  const expression = onStream ? options.getStreamIdentifier() : options.getEventType();
  const regex = expression?.getRegex() ?? '';
  const prefixes = expression?.getPrefixList() ?? [];
  if (regex === '' && prefixes.length === 0)
    throw invalidArgument('The filter has neither a regex nor prefixes.');
  if (regex !== '') assertCompiles(regex);
  const searchWindow = options.hasMax() ? options.getMax() : DEFAULT_SEARCH_WINDOW;
  return {
    filter: onStream
      ? { ...(regex === '' ? {} : { streamRegex: regex }), streamPrefixes: prefixes }
      : { ...(regex === '' ? {} : { typeRegex: regex }), typePrefixes: prefixes },
    checkpointEvery: Math.max(1, searchWindow) * Math.max(1, options.getCheckpointintervalmultiplier()),
  };
}

/** As the engine does: Unicode-aware first, then the laxer grammar that clients may rely on. */
function assertCompiles(regex: string): void {
  for (const flags of ['u', '']) {
    try {
      new RegExp(regex, flags);
      return;
    } catch {
      continue;
    }
  }
  throw invalidArgument(`The filter's regex does not compile: ${regex}`);
}
