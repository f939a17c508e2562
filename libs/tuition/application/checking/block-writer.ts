import type { RosterHeader } from '../../domain/roster/index.js';
import type {
  DiffKind,
  FaultChunk,
  RowChunk,
  StagedFaultyRow,
  StagedRow,
  StagingIndex,
} from '../staging/records.js';
import type { Staging } from '../staging/staging.js';

/** Rows per chunk: one page of a preview reads one or two chunks, a million rows make a thousand files. */
export const CHUNK_ROWS = 1_000;

/** Collects judged rows and writes them in whole chunks, so that at most one chunk of each kind is in memory. */
export class BlockWriter {
  private readonly rowChunks: RowChunk[] = [];
  private readonly faultChunks: FaultChunk[] = [];
  private rows: StagedRow[] = [];
  private faulty: StagedFaultyRow[] = [];

  constructor(private readonly staging: Staging) {}

  async addRow(row: StagedRow): Promise<void> {
    this.rows.push(row);
    if (this.rows.length >= CHUNK_ROWS) await this.flushRows();
  }

  async addFaulty(row: StagedFaultyRow): Promise<void> {
    this.faulty.push(row);
    if (this.faulty.length >= CHUNK_ROWS) await this.flushFaulty();
  }

  /** Writes what is left and the table of contents. */
  async finish(header: RosterHeader): Promise<void> {
    await this.flushRows();
    await this.flushFaulty();
    const { titles, language } = header;
    const index: StagingIndex = {
      titles,
      language,
      rowChunks: this.rowChunks,
      faultChunks: this.faultChunks,
    };
    await this.staging.writeIndex(index);
  }

  /** So far, the rows not yet written included. */
  count(kind: DiffKind): number {
    const written = this.rowChunks.reduce((sum, { kinds }) => sum + (kinds[kind] ?? 0), 0);
    return written + this.rows.filter((row) => row.kind === kind).length;
  }

  /** Ends a chunk early: removed bills never share one with rows to be published. */
  async flushRows(): Promise<void> {
    if (this.rows.length === 0) return;
    this.rowChunks.push(await this.staging.writeRows(this.rowChunks.length, this.rows));
    this.rows = [];
  }

  private async flushFaulty(): Promise<void> {
    if (this.faulty.length === 0) return;
    this.faultChunks.push(await this.staging.writeFaults(this.faultChunks.length, this.faulty));
    this.faulty = [];
  }
}
