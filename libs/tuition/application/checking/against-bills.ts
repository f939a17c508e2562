import { BillsAsOfNow, type BillSnapshot } from '#libs/billing/contract/index.js';
import type { Fault, RosterHeader, RosterRow } from '../../domain/roster/index.js';
import { tellsNews, type StudentState } from '../../domain/student/index.js';
import { studentAggregate } from '../../codec/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { OrganisationId, StudentId } from '#libs/kernel/ids/index.js';
import { eachBounded } from '../bounded.js';
import type { TuitionEnvironment } from '../environment.js';
import type { DiffKind, StagedRow } from '../staging/records.js';
import type { PlacedRow } from './across-rows.js';
import { HashTable } from './hash-table.js';

/** Students read at a time; each is a short read of its stream. */
const LOADS_IN_FLIGHT = 64;

export interface Known {
  /** Not enrolled before this file; counted once per student. */
  readonly isNew: boolean;
  /** The row tells something new of the student. */
  readonly news: boolean;
  /** The row enrols the student or amends the details; of several rows of a student the first one does. */
  readonly enrols: boolean;
  readonly nameChanges: boolean;
}

export type JudgedRow =
  | { readonly placed: PlacedRow; readonly staged: StagedRow; readonly known: Known }
  | { readonly placed: PlacedRow; readonly faults: readonly Fault[] };

export interface Comparison {
  readonly context: RequestContext;
  readonly organisationId: OrganisationId;
  readonly header: RosterHeader;
}

/** Compares rows with bills and students as they are on the write side, so that a preview never lags. */
export class AgainstBills {
  private readonly told = new HashTable();

  constructor(
    private readonly environment: TuitionEnvironment,
    private readonly comparison: Comparison,
  ) {}

  /** Rows in the order of the file: the first right row of a student is the one that enrols. */
  async judge(rows: readonly PlacedRow[]): Promise<readonly JudgedRow[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ billId }) => billId);
    const query = new BillsAsOfNow(this.comparison.context, this.comparison.organisationId, ids);
    const [bills, students] = await Promise.all([
      this.environment.buses.queries.execute(query),
      this.loadStudents(rows),
    ]);
    return rows.map((placed) =>
      this.judgeRow(placed, bills.get(placed.billId), students.get(placed.studentId)!),
    );
  }

  private judgeRow(placed: PlacedRow, bill: BillSnapshot | undefined, student: StudentState): JudgedRow {
    if (bill?.status === 'CANCELLED') {
      return { placed, faults: [{ column: 'studentNo', code: 'IMPORT_BILL_CANCELLED' }] };
    }
    const { roster, billId, studentId } = placed;
    const isFirst = this.told.putIfAbsent(studentId, roster.row) === undefined;
    const known = knownOf(roster, student, isFirst);
    const staged: StagedRow = {
      row: roster.row,
      kind: kindOf(roster, bill, known),
      billId,
      studentNo: roster.studentNo,
      name: roster.told.name,
      feeItemName: roster.feeItem.name,
      ...(bill ? { before: String(bill.total.amount - bill.waived.amount) } : {}),
      after: String(roster.amountFen - roster.waivedFen),
      issue: this.issueOf(placed, student, known),
    };
    return { placed, staged, known };
  }

  private issueOf({ roster, studentId }: PlacedRow, student: StudentState, known: Known): StagedRow['issue'] {
    return {
      studentId,
      told: roster.told,
      className: this.columnOf('className', roster, student),
      grade: this.columnOf('grade', roster, student),
      enrols: known.enrols,
      feeItemId: roster.feeItem.id,
      academicYear: roster.academicYear,
      term: roster.term,
      amount: String(roster.amountFen),
      waived: String(roster.waivedFen),
      dueDate: roster.dueDate,
    };
  }

  /** A file without the column says nothing about it, so that what is known stays; an empty cell says "none". */
  private columnOf(column: 'className' | 'grade', { told }: RosterRow, student: StudentState): string {
    if (this.comparison.header.positions[column] !== undefined) return told[column] ?? '';
    return student.status === 'absent' ? '' : student.details[column];
  }

  private async loadStudents(rows: readonly PlacedRow[]): Promise<ReadonlyMap<StudentId, StudentState>> {
    const ids = [...new Set(rows.map(({ studentId }) => studentId))];
    const states = new Map<StudentId, StudentState>();
    await eachBounded(ids, LOADS_IN_FLIGHT, async (id) => {
      states.set(id, (await this.environment.ports.store.load(studentAggregate, id)).state);
    });
    return states;
  }
}

function knownOf({ told }: RosterRow, student: StudentState, isFirst: boolean): Known {
  if (student.status === 'absent') return { isNew: isFirst, news: true, enrols: isFirst, nameChanges: false };
  const { name } = student.details;
  const news = tellsNews(told, student.details);
  const nameChanges = isFirst && name !== null && name !== told.name;
  return { isNew: false, news, enrols: isFirst && news, nameChanges };
}

function kindOf(roster: RosterRow, bill: BillSnapshot | undefined, known: Known): DiffKind {
  if (!bill) return 'added';
  const same =
    bill.total.amount === roster.amountFen &&
    bill.waived.amount === roster.waivedFen &&
    bill.dueDate === roster.dueDate;
  if (same) return known.news ? 'changed' : 'unchanged';
  return bill.paid.amount > 0n || bill.reserved.amount > 0n ? 'paid' : 'changed';
}
