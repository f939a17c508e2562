import type { CheckReport } from '#e2e/checker/check.js';
import type { EvidenceFiles } from './evidence.js';
import type { Counts } from './load.js';

export interface RunOptions {
  readonly cycles: number;
  readonly seed: number;
  /** Milliseconds of load before the kill, at most. */
  readonly longestLoadMs: number;
  /** Issued at once whenever the open bills run low. */
  readonly billsPerImport: number;
  /** After every so many kills the product comes to rest and is judged, and always after the last. */
  readonly checkEvery: number;
  /** The bank is killed too, at every third kill. */
  readonly killBank: boolean;
  /** Keep the data folder and the evidence, and say where; a run that found something keeps them anyway. */
  readonly keep: boolean;
  readonly say: (text: string) => void;
  /** Sees the evidence before it is removed. */
  readonly inspect?: (files: EvidenceFiles) => Promise<void>;
  /**
   * Called on the data folder after the last kill, before the product starts again: for planting a loss. Then only the log
   * and the acknowledgements are judged.
   */
  readonly damage?: (dataDir: string) => Promise<void>;
}

export interface RunResult {
  readonly cycles: number;
  readonly counts: Counts;
  /** Captured payments that were acknowledged. */
  readonly acknowledged: number;
  /** Requests that a kill left without an answer and that were asked again, word for word. */
  readonly askedAgain: number;
  /** The others, which nobody asked about again. */
  readonly abandoned: number;
  readonly kills: number;
  readonly bankKills: number;
  /** Milliseconds from the start of the process until it took requests, median and worst. */
  readonly recoveryMs: { readonly median: number; readonly worst: number };
  /** Milliseconds that it needed to come to rest, worst. */
  readonly restMs: number;
  /** Milliseconds from SIGTERM to the end. */
  readonly stopMs: number;
  readonly report: CheckReport;
}
