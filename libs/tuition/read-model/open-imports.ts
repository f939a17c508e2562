import { Inject, Injectable } from '@nestjs/common';
import { asId, type ImportId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { TuitionTables } from './tables.js';

/** Which imports want a job's attention. The job looks at the stream before it does anything. */
@Injectable()
export class OpenImportsInViews {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  /** Being checked or published, or over with working data still to be deleted; oldest first. */
  async unfinished(limit: number): Promise<readonly ImportId[]> {
    const rows = await this.imports()
      .where('erased', '=', 'nothing')
      .where('state', 'in', ['CHECKING', 'PUBLISHING', 'PUBLISHED', 'CANCELLED', 'FAILED'])
      .orderBy('started_at')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => asId<'import'>(id));
  }

  /** Published before, with the faulty rows still kept. */
  async keptSince(before: Instant, limit: number): Promise<readonly ImportId[]> {
    const rows = await this.imports()
      .where('erased', '=', 'rows')
      .where('published_at', '<', before)
      .orderBy('started_at')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => asId<'import'>(id));
  }

  private imports() {
    return this.views.database<TuitionTables>().selectFrom('tuition_import').select('id');
  }
}
