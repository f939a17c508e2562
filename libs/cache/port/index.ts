/** A cache may forget at any time; nothing that matters to money relies on it. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /** `ttlMs` is mandatory: nothing stays for good. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds one and answers with the count inside the current window; the window starts with the first call. */
  increment(key: string, windowMs: number): Promise<number>;
  close(): Promise<void>;
}
