import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Looking costs a few microseconds; not done after every group. */
const GROUPS_BETWEEN_LOOKS = 32;
/** Pages of 4 KiB after which the WAL is moved into the file. */
const CHECKPOINT_PAGES = 4_000;
/** What the writing thread itself may move at once: some milliseconds of writing. */
const FINISH_PAGES = 1_500;
/** Past this size the writer moves everything itself, whatever it costs: the WAL stays bounded. */
const HARD_LIMIT_PAGES = 65_536;

/**
 * Moving pages from the WAL into the file takes longer than a commit. The reading thread moves the bulk while appends go
 * on; the writing thread then moves the few that came meanwhile, after which SQLite starts the WAL from its beginning.
 */
export class WalWatch {
  private groups = 0;
  private readonly look: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.look = database.prepare('PRAGMA wal_checkpoint(NOOP)', { returnArrays: true });
  }

  /** Pages in the WAL when a checkpoint is due, else 0. */
  pagesWhenDue(): number {
    this.groups += 1;
    if (this.groups % GROUPS_BETWEEN_LOOKS !== 0) return 0;
    const { pages, moved } = this.state();
    if (pages > HARD_LIMIT_PAGES) this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return pages - moved > CHECKPOINT_PAGES ? pages : 0;
  }

  finishCheckpoint(): void {
    const { pages, moved } = this.state();
    if (pages - moved <= FINISH_PAGES) this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  private state(): { readonly pages: number; readonly moved: number } {
    const [, pages, moved] = this.look.get() as unknown as readonly [number, number, number];
    return { pages, moved };
  }
}
