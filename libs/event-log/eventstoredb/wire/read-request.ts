import { decodePosition } from '#libs/event-log/port/index.js';
import type { Position } from '#libs/event-log/port/index.js';
import { ProtoWriter } from './protobuf-writer.js';

/** What to read, as `ReadReq` (streams.proto) says it. */
export interface ReadRequest {
  readonly source:
    | { readonly stream: string; readonly from: number | 'start' | 'end' }
    | { readonly all: true; readonly from: Position | 'start' | 'end'; readonly filter?: ServerFilter };
  readonly backwards?: boolean;
  /** Events at most; undefined: all there are. */
  readonly count?: number;
  /** Goes on with what comes; `from` is then exclusive. */
  readonly subscription?: boolean;
}

/** One condition, by a regex (when not empty) or by prefixes. */
export interface ServerFilter {
  readonly on: 'stream' | 'type';
  readonly regex: string;
  readonly prefixes: readonly string[];
}

/** Events the server looks through before it says how far it is: search window × multiplier. */
const SEARCH_WINDOW = 500;
const WINDOWS_PER_CHECKPOINT = 2;

const writer = new ProtoWriter();

export function encodeReadRequest(request: ReadRequest): Buffer {
  const options = writer.mark();
  const uuid = writer.mark();
  writer.empty(2);
  writer.message(9, uuid);
  writeFilter(request);
  if (request.subscription) writer.empty(6);
  else writer.uint(5, request.count ?? Number.MAX_SAFE_INTEGER);
  writer.bool(3, request.backwards ?? false);
  writeSource(request);
  writer.message(1, options);
  return writer.finish();
}

function writeSource({ source }: ReadRequest): void {
  const mark = writer.mark();
  if ('stream' in source) {
    if (source.from === 'start') writer.empty(3);
    else if (source.from === 'end') writer.empty(4);
    else writer.uint(2, source.from);
    const identifier = writer.mark();
    writer.string(3, source.stream);
    writer.message(1, identifier);
    writer.message(1, mark);
    return;
  }
  if (source.from === 'start') writer.empty(2);
  else if (source.from === 'end') writer.empty(3);
  else {
    const { commit, prepare } = decodePosition(source.from);
    const position = writer.mark();
    writer.uint(2, prepare);
    writer.uint(1, commit);
    writer.message(1, position);
  }
  writer.message(2, mark);
}

function writeFilter({ source }: ReadRequest): void {
  const filter = 'all' in source ? source.filter : undefined;
  if (!filter) return writer.empty(8);
  const mark = writer.mark();
  writer.uint(5, WINDOWS_PER_CHECKPOINT);
  writer.uint(3, SEARCH_WINDOW);
  const expression = writer.mark();
  for (const prefix of filter.prefixes.toReversed()) writer.string(2, prefix);
  if (filter.regex !== '') writer.string(1, filter.regex);
  writer.message(filter.on === 'stream' ? 1 : 2, expression);
  writer.message(7, mark);
}
