import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import type { Page } from '#libs/views/port/index.js';
import { ImportDiff, type ImportDiffRow } from '../../contract/index.js';
import { TuitionEnvironment } from '../environment.js';
import { ownedImport } from '../owned-import.js';
import type { StagedRow } from '../staging/records.js';
import { pageOf } from './chunk-pages.js';

const NO_ROWS = { items: [], hasNextPage: false, totalCount: 0 } as const;

/** From the working data: there between the check and publishing, empty before and after. */
@QueryHandler(ImportDiff)
export class ImportDiffHandler implements IQueryHandler<ImportDiff> {
  constructor(private readonly environment: TuitionEnvironment) {}

  async execute({ context, id, kinds, page }: ImportDiff): Promise<Page<ImportDiffRow> | undefined> {
    const state = await ownedImport(this.environment.ports, context, id);
    if (!state) return undefined;
    const staging = this.environment.stagingOf(state);
    const index = await staging?.index();
    const hasRows = state.status === 'checked' || state.status === 'publishing';
    if (!staging || !index || !hasRows) return NO_ROWS;
    const wanted = new Set(kinds);
    const isWanted = (kind: ImportDiffRow['kind']) => wanted.size === 0 || wanted.has(kind);
    const chunked = {
      counts: index.rowChunks.map((chunk) =>
        Object.entries(chunk.kinds).reduce(
          (sum, [kind, count]) => sum + (isWanted(kind as ImportDiffRow['kind']) ? count : 0),
          0,
        ),
      ),
      items: async (chunk: number) =>
        (await staging.rows(chunk)).filter(({ kind }) => isWanted(kind)).map(diffRow),
    };
    return pageOf(chunked, page);
  }
}

function diffRow(staged: StagedRow): ImportDiffRow {
  const { row, kind, billId, studentNo, name, feeItemName: feeItem, before, after } = staged;
  return { row, kind, billId, studentNo, name, feeItem, ...sums({ before, after }) };
}

function sums({ before, after }: Pick<StagedRow, 'before' | 'after'>): { before?: Money; after?: Money } {
  return {
    ...(before === undefined ? {} : { before: money(CNY, BigInt(before)) }),
    ...(after === undefined ? {} : { after: money(CNY, BigInt(after)) }),
  };
}
