import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LOG_FILE } from '#apps/cli/open-log.js';

/** The log's file beside the product, for the one thing that nobody is told: that nothing at all has been stored. */
export class LogWindow {
  private constructor(private readonly database: DatabaseSync) {}

  static open(dataDir: string): LogWindow {
    return new LogWindow(new DatabaseSync(join(dataDir, LOG_FILE), { readOnly: true }));
  }

  /** Position of the last event. */
  head(): string {
    const row = this.database.prepare('SELECT max(position) AS head FROM events').get();
    return String(row?.['head']);
  }

  close(): void {
    this.database.close();
  }
}
