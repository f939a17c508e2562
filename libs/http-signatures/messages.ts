/** The parts of an HTTP request that signatures speak about. */
export interface RequestMessage {
  /** Upper case. */
  readonly method: string;
  /** Path and query as on the wire: `/operations?x=1`. */
  readonly target: string;
  /** Empty for none. */
  readonly body: Uint8Array;
}

export interface ReceivedRequest extends RequestMessage {
  /** Lower-case names, as node:http gives them. */
  readonly headers: Headers;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a field that must stand once. */
export function fieldOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
}

/** RFC 9421 section 2.2.6. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0] as string;
}

/** RFC 9421 section 2.2.7: with the question mark, which stands alone where there is no query. */
export function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '?' : target.slice(at);
}
