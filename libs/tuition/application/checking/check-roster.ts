import { FeeItemsOf } from '#libs/billing/contract/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { SheetRow } from '#libs/spreadsheet/port/index.js';
import {
  checkRow,
  type Fault,
  type RosterFeeItem,
  type RosterHeader,
  type RowSetting,
} from '../../domain/roster/index.js';
import type { CheckingImport, ImportNote, PreviewFigures } from '../../domain/roster-import/index.js';
import type { TuitionEnvironment } from '../environment.js';
import type { DiffKind, StagedRow } from '../staging/records.js';
import type { Staging } from '../staging/staging.js';
import { AcrossRows, type PlacedRow } from './across-rows.js';
import { AgainstBills, type JudgedRow } from './against-bills.js';
import { BlockWriter, CHUNK_ROWS } from './block-writer.js';
import { CheckFailure } from './check-failure.js';
import { openRoster, type RosterFile } from './roster-file.js';
import { removedBills, Scopes } from './removed-bills.js';

export interface CheckOutcome {
  readonly preview: PreviewFigures;
  readonly notes: readonly ImportNote[];
}

export interface CheckTask {
  readonly state: CheckingImport;
  readonly context: RequestContext;
  readonly staging: Staging;
  readonly signal: AbortSignal;
  progress(rows: number): Promise<void>;
}

type Checked = { readonly sheetRow: SheetRow } & (
  { readonly placed: PlacedRow } | { readonly faults: readonly Fault[] }
);

/**
 * Reads and judges a roster block by block and stages the outcome; holds one block and some bytes per row in memory.
 *
 * @throws SpreadsheetRefused, CheckFailure: the file cannot be taken; anything else is worth another try
 */
export async function checkRoster(environment: TuitionEnvironment, task: CheckTask): Promise<CheckOutcome> {
  const { state, context } = task;
  const feeItems = await feeItemsByName(environment, task);
  const sheet = await environment.reader.open(() => uploadOf(environment, state.uploadId));
  const file = await openRoster(sheet);
  const check = new RosterCheck(environment, task, { header: file.header, feeItems });
  await check.run(file);
  const { header } = file;
  return check.finish(
    header,
    file.notes,
    removedBills(environment.buses, context, state.organisationId, check),
  );
}

async function feeItemsByName(
  { buses }: TuitionEnvironment,
  { state, context }: CheckTask,
): Promise<ReadonlyMap<string, RosterFeeItem>> {
  const items = await buses.queries.execute(new FeeItemsOf(context, state.organisationId));
  const byName = new Map<string, RosterFeeItem>();
  // A name that is another item's code means the item with that code; a live item hides a retired one of the same name.
  for (const item of items.toSorted((a, b) => Number(b.retired) - Number(a.retired)))
    byName.set(item.name, item);
  for (const item of items) byName.set(item.code, item);
  return byName;
}

async function uploadOf({ ports }: TuitionEnvironment, uploadId: string): Promise<AsyncIterable<Uint8Array>> {
  const content = await ports.files.get(uploadId);
  if (!content) throw new CheckFailure('IMPORT_UPLOAD_GONE');
  return content;
}

class RosterCheck {
  readonly scopes = new Scopes();
  private readonly across: AcrossRows;
  private readonly bills: AgainstBills;
  private readonly writer: BlockWriter;
  private block: Checked[] = [];
  private rows = 0;
  private faulty = 0;
  private studentsAdded = 0;
  private namesChanged = 0;
  private checkDigitsWrong = 0;
  private amountAddedFen = 0n;
  /** Error messages stand in the file: it is the corrected rest of another, and says nothing about the rows it lacks. */
  private isCorrection = false;

  constructor(
    environment: TuitionEnvironment,
    private readonly task: CheckTask,
    private readonly setting: RowSetting,
  ) {
    const { organisationId } = task.state;
    this.across = new AcrossRows(organisationId);
    const { header } = setting;
    this.bills = new AgainstBills(environment, { context: task.context, organisationId, header });
    this.writer = new BlockWriter(task.staging);
  }

  holdsBill(billId: PlacedRow['billId']): boolean {
    return this.across.holdsBill(billId);
  }

  async run(file: RosterFile): Promise<void> {
    for await (const batch of file.rows) {
      this.task.signal.throwIfAborted();
      for (const sheetRow of batch) {
        if (!holdsAnything(sheetRow)) continue;
        this.block.push(this.judgeAlone(sheetRow));
        if (this.block.length >= CHUNK_ROWS) await this.judgeBlock();
      }
    }
    await this.judgeBlock();
    if (this.rows === 0) throw new CheckFailure('IMPORT_EMPTY');
  }

  async finish(
    header: RosterHeader,
    notes: readonly ImportNote[],
    removed: AsyncIterable<StagedRow>,
  ): Promise<CheckOutcome> {
    await this.writer.flushRows();
    if (!this.isCorrection) await this.addRemoved(removed);
    const count = (kind: DiffKind) => this.writer.count(kind);
    const preview: PreviewFigures = {
      rows: this.rows,
      valid: this.rows - this.faulty,
      faulty: this.faulty,
      added: count('added'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      paid: count('paid'),
      removed: count('removed'),
      amountAdded: money(CNY, this.amountAddedFen),
      studentsAdded: this.studentsAdded,
    };
    await this.writer.finish(header);
    return { preview, notes: [...notes, ...this.countedNotes()] };
  }

  private async addRemoved(removed: AsyncIterable<StagedRow>): Promise<void> {
    for await (const row of removed) {
      this.task.signal.throwIfAborted();
      await this.writer.addRow(row);
    }
  }

  private judgeAlone(sheetRow: SheetRow): Checked {
    this.rows += 1;
    this.isCorrection ||= hasMessage(sheetRow, this.setting.header);
    const verdict = checkRow(sheetRow.row, sheetRow.cells, this.setting);
    if (!verdict.right) return { sheetRow, faults: verdict.faults };
    const placed = this.across.place(verdict.roster);
    if ('faults' in placed) return { sheetRow, faults: placed.faults };
    this.scopes.add(verdict.roster);
    return { sheetRow, placed };
  }

  private async judgeBlock(): Promise<void> {
    const block = this.block;
    this.block = [];
    const judged = await this.bills.judge(
      block.flatMap((checked) => ('placed' in checked ? [checked.placed] : [])),
    );
    const byRow = new Map(judged.map((row) => [row.placed.roster.row, row]));
    for (const checked of block) {
      const outcome = 'placed' in checked ? byRow.get(checked.placed.roster.row)! : checked;
      if ('faults' in outcome) await this.addFaulty(checked.sheetRow, outcome.faults);
      else await this.addRight(outcome);
    }
    await this.task.progress(this.rows);
  }

  private async addRight({ staged, known, placed }: Extract<JudgedRow, { staged: unknown }>): Promise<void> {
    if (staged.kind === 'added') this.amountAddedFen += placed.roster.amountFen - placed.roster.waivedFen;
    if (known.isNew) this.studentsAdded += 1;
    if (known.nameChanges) this.namesChanged += 1;
    if (placed.roster.checkDigitWrong) this.checkDigitsWrong += 1;
    await this.writer.addRow(staged);
  }

  private async addFaulty({ row, cells }: SheetRow, faults: readonly Fault[]): Promise<void> {
    this.faulty += 1;
    const { positions } = this.setting.header;
    await this.writer.addFaulty({
      row,
      cells: cells.map((cell) => (typeof cell === 'string' ? cell : cell.text)),
      faults: faults.map(({ column, ...rest }) => ({ position: positions[column] ?? 0, ...rest })),
    });
  }

  private countedNotes(): ImportNote[] {
    const notes: ImportNote[] = [];
    const note = (code: string, count: number) => {
      if (count > 0) notes.push({ code, details: { count: String(count) } });
    };
    if (this.isCorrection) notes.push({ code: 'CORRECTION_FILE', details: {} });
    note('CHECK_DIGITS_WRONG', this.checkDigitsWrong);
    note('NAMES_CHANGED', this.namesChanged);
    return notes;
  }
}

function hasMessage({ cells }: SheetRow, { positions }: RosterHeader): boolean {
  const cell = positions.errors === undefined ? '' : (cells[positions.errors] ?? '');
  return typeof cell === 'string' && cell.trim() !== '';
}

function holdsAnything({ cells }: SheetRow): boolean {
  return cells.some((cell) => (typeof cell === 'string' ? cell.trim() !== '' : cell.kind !== 'merged'));
}
