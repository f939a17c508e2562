import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteViews, type SqliteViewsOptions } from '#libs/views/sqlite/index.js';

/** Views in a folder of their own, removed at the end; for specs. */
export function temporaryViews(): {
  readonly open: (options?: Pick<SqliteViewsOptions, 'largeFrom'>) => SqliteViews;
  readonly file: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-views-'));
  const file = join(folder, 'views.sqlite');
  return {
    file,
    open: (options) => SqliteViews.open({ file, ...options }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
