/** One thing that is wrong. `rule` is a stable name: planted violations are matched by it. */
export interface Finding {
  readonly rule: string;
  /** Relative to the root, with `/`; empty when the finding belongs to no file. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly message: string;
}

export interface CheckContext {
  /** Absolute path of the tree to look at: the project, or a temporary copy with planted violations. */
  readonly root: string;
  /** Rewrite snapshots instead of comparing with them. */
  readonly update: boolean;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** What was looked at ("412 files"), or "nothing yet"; shown on the check's line. */
  readonly note: string;
}

/** Throws only when the check itself cannot run; the launcher of checks reports that as a failure. */
export type Check = (context: CheckContext) => Promise<CheckResult>;

export const NOTHING_YET: CheckResult = { findings: [], note: 'nothing yet' };
