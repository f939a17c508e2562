/** What the load generator is told to send: every body once, in order, so many at a time. */
export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  /** Bearer tokens dealt out to the bodies in turn; absent: nobody signs in. */
  readonly tokens?: readonly string[];
  readonly inFlight: number;
  /** What every answer must be; default: a payment. */
  readonly expects?: 'payment' | 'release';
  /** An institution is asked, which may not answer in time: then the payment's outcome is unknown for a while. */
  readonly mayBeUnknown?: boolean;
}

export interface LoadReport {
  /** From the first request to the last answer. */
  readonly durationMs: number;
  /** One per request. */
  readonly latenciesMs: Float64Array;
  /** Requests that were sent while the same request was under way. */
  readonly overlapping: number;
  /** Answers that said so, where they may. */
  readonly unknown: number;
  /**
   * Other answers that were not what is expected (a captured payment with a receipt number, a contract that has released), or another
   * one than the same request had, or the same as another request had; the first few as they came.
   */
  readonly wrong: number;
  readonly examples: readonly string[];
}
