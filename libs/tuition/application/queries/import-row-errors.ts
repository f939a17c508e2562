import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#libs/views/port/index.js';
import { ImportRowErrors, type RowError } from '../../contract/index.js';
import { TuitionEnvironment } from '../environment.js';
import { sentenceOf } from '../i18n/index.js';
import { ownedImport } from '../owned-import.js';
import type { StagedFaultyRow } from '../staging/records.js';
import { pageOf } from './chunk-pages.js';

const NO_ROWS = { items: [], hasNextPage: false, totalCount: 0 } as const;

/** From the working data; empty before the check and once that data was deleted. */
@QueryHandler(ImportRowErrors)
export class ImportRowErrorsHandler implements IQueryHandler<ImportRowErrors> {
  constructor(private readonly environment: TuitionEnvironment) {}

  async execute({ context, id, page }: ImportRowErrors): Promise<Page<RowError> | undefined> {
    const state = await ownedImport(this.environment.ports, context, id);
    if (!state) return undefined;
    const staging = this.environment.stagingOf(state);
    const index = await staging?.index();
    if (!staging || !index) return NO_ROWS;
    const chunked = {
      counts: index.faultChunks.map(({ faults }) => faults),
      items: async (chunk: number) =>
        (await staging.faults(chunk)).flatMap((row) => rowErrors(row, index.titles)),
    };
    return pageOf(chunked, page);
  }
}

/** Every fault of a row, in the words of developers; clients translate by code. */
export function rowErrors(faulty: StagedFaultyRow, titles: readonly string[]): readonly RowError[] {
  return faulty.faults.map(({ position, code, details }) => ({
    row: faulty.row,
    column: titles[position] ?? '',
    value: faulty.cells[position] ?? '',
    code,
    message: sentenceOf(code, details),
    ...(details ? { details } : {}),
  }));
}
