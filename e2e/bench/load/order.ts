/** What the load generator is told to send: every body once, in order, so many at a time. */
export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  readonly inFlight: number;
}

export interface LoadReport {
  /** From the first request to the last answer. */
  readonly durationMs: number;
  /** One per request. */
  readonly latenciesMs: Float64Array;
  /** Answers that were not a captured payment with a receipt number; the first few as they came. */
  readonly wrong: number;
  readonly examples: readonly string[];
}
