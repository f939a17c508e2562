import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteViews } from '#libs/views/sqlite/index.js';

/** Views in a folder of their own, removed at the end; for specs. */
export function temporaryViews(): {
  readonly open: () => SqliteViews;
  readonly file: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-views-'));
  const file = join(folder, 'views.sqlite');
  return { file, open: () => SqliteViews.open({ file }), remove: () => rmSync(folder, { recursive: true }) };
}
