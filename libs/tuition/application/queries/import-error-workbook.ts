import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { SheetToWrite } from '#libs/spreadsheet/port/index.js';
import { ImportErrorWorkbook } from '../../contract/index.js';
import { guardFormula, readHeader, ROSTER_COLUMNS } from '../../domain/roster/index.js';
import { TuitionEnvironment } from '../environment.js';
import { sentenceOf } from '../i18n/index.js';
import { ownedImport } from '../owned-import.js';
import type { StagedFaultyRow, StagingIndex } from '../staging/records.js';

/** A workbook is written as a whole; a person corrects no more than this at a time. The rest comes with the next upload. */
const MAX_ROWS = 10_000;
const WIDTH_CHARACTERS = 14;
const ERRORS_WIDTH_CHARACTERS = 48;

/** The faulty rows as they stood, with what is wrong in the last column; once corrected it can be uploaded as it is. */
@QueryHandler(ImportErrorWorkbook)
export class ImportErrorWorkbookHandler implements IQueryHandler<ImportErrorWorkbook> {
  constructor(private readonly environment: TuitionEnvironment) {}

  async execute({ context, id }: ImportErrorWorkbook) {
    const state = await ownedImport(this.environment.ports, context, id);
    const staging = state && this.environment.stagingOf(state);
    const index = await staging?.index();
    if (!state || !staging || !index || index.faultChunks.length === 0) return undefined;
    const rows: StagedFaultyRow[] = [];
    for (const chunk of index.faultChunks.keys()) {
      if (rows.length < MAX_ROWS) rows.push(...(await staging.faults(chunk)));
    }
    const content = await this.environment.writer.write(errorSheet(index, rows.slice(0, MAX_ROWS)));
    const suffix = index.language === 'zh-CN' ? '错误行' : 'errors';
    return { fileName: `${state.fileName.replace(/\.[^.]*$/, '')}-${suffix}.xlsx`, content };
  }
}

function errorSheet({ titles, language }: StagingIndex, rows: readonly StagedFaultyRow[]): SheetToWrite {
  const { positions } = readHeader(1, titles);
  // The file's own column of messages is replaced; one is added where there is none.
  const kept = titles.flatMap((_title, position) => (position === positions.errors ? [] : [position]));
  const errorsTitle = language === 'zh-CN' ? ROSTER_COLUMNS.errors : 'errors';
  const columns = kept.map((position) => ({ header: titles[position]!, widthCharacters: WIDTH_CHARACTERS }));
  return {
    name: language === 'zh-CN' ? '错误行' : 'errors',
    columns: [...columns, { header: errorsTitle, widthCharacters: ERRORS_WIDTH_CHARACTERS }],
    rows: rows.map((row) => [
      ...kept.map((position) => guardFormula(row.cells[position] ?? '')),
      messageOf(row, titles, language),
    ]),
    highlightedColumn: kept.length,
  };
}

function messageOf(
  { row, faults }: StagedFaultyRow,
  titles: readonly string[],
  language: StagingIndex['language'],
) {
  const sentences = faults.map(({ position, code, details }) => {
    const sentence = sentenceOf(code, details, language);
    return language === 'zh-CN' ? `${titles[position]}：${sentence}` : `${titles[position]}: ${sentence}`;
  });
  return language === 'zh-CN' ? `第${row}行　${sentences.join('；')}` : `Row ${row}: ${sentences.join('; ')}`;
}
