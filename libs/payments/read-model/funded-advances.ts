import { Inject, Injectable } from '@nestjs/common';
import { asId, type AdvanceId } from '#libs/kernel/ids/index.js';
import { VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import type { FundedAdvanceList } from '../domain/advance/index.js';
import type { AdvanceRow } from './advances-projection.js';

@Injectable()
export class ViewedFundedAdvances implements FundedAdvanceList {
  constructor(@Inject(VIEWS) private readonly views: Views) {}

  async funded(limit: number, after?: AdvanceId): Promise<readonly AdvanceId[]> {
    const rows = await this.views
      .database<{ readonly advance: AdvanceRow }>()
      .selectFrom('advance')
      .select('id')
      .where('available_minor', '>', 0n)
      .where('id', '>', after ?? '')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => asId<'advance'>(id));
  }
}
