/** How to reach the server, and what the adapter may hold in memory for it. */
export interface EventStoreDbOptions {
  /** `esdb://[user:password@]host:port?tls=false`, as of the EventStoreDB documentation. */
  readonly connectionString: string;
  /** Appends under way before `LogOverloaded`. Default 4,096. */
  readonly maxInFlightAppends?: number;
  /** Their payload in bytes before `LogOverloaded`. Default 64 MiB. */
  readonly maxInFlightBytes?: number;
  /** What the server takes in one append. Default 1 MiB, the server's own default. */
  readonly maxAppendBytes?: number;
  /** Without a word from the server for so long, a read has failed. Default 10,000 ms. */
  readonly readIdleTimeoutMs?: number;
  /** Told whenever a subscription lost its stream and will resume after the pause. */
  readonly onSubscriptionDropped?: (reason: Error, pauseMs: number) => void;
}

export type ResolvedOptions = Required<EventStoreDbOptions>;

export function resolveOptions(options: EventStoreDbOptions): ResolvedOptions {
  return {
    connectionString: options.connectionString,
    maxInFlightAppends: options.maxInFlightAppends ?? 4_096,
    maxInFlightBytes: options.maxInFlightBytes ?? 64 * 1024 * 1024,
    maxAppendBytes: options.maxAppendBytes ?? 1024 * 1024,
    readIdleTimeoutMs: options.readIdleTimeoutMs ?? 10_000,
    onSubscriptionDropped: options.onSubscriptionDropped ?? (() => {}),
  };
}
