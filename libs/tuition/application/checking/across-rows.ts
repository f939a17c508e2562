import { billIdFor } from '#libs/billing/contract/index.js';
import type { BillId, OrganisationId, StudentId } from '#libs/kernel/ids/index.js';
import type { Fault, RosterRow } from '../../domain/roster/index.js';
import { studentIdFor } from '../ids.js';
import { HashTable, textHash } from './hash-table.js';

/** A row that is right in itself and among the rows before it. */
export interface PlacedRow {
  readonly roster: RosterRow;
  readonly billId: BillId;
  readonly studentId: StudentId;
}

/** Judges rows against the rows before them: the same bill twice, the same student under two names. */
export class AcrossRows {
  private readonly rowOfBill = new HashTable();
  private readonly rowOfStudent = new HashTable();
  private readonly nameOfStudent = new HashTable();

  constructor(private readonly organisationId: OrganisationId) {}

  place(roster: RosterRow): PlacedRow | { readonly faults: readonly Fault[] } {
    const { organisationId } = this;
    const { row, academicYear, term, studentNo, feeItem, told } = roster;
    const studentId = studentIdFor(organisationId, studentNo);
    const name = textHash(told.name);
    const firstRow = this.rowOfStudent.get(studentId);
    if (firstRow !== undefined && this.nameOfStudent.get(studentId) !== name) {
      const details = { row: String(firstRow) };
      return { faults: [{ column: 'name', code: 'IMPORT_STUDENT_NAME_DIFFERS', details }] };
    }
    const billId = billIdFor({
      organisationId,
      academicYear,
      term,
      payerNumber: studentNo,
      feeItemId: feeItem.id,
    });
    const sameBill = this.rowOfBill.putIfAbsent(billId, row);
    if (sameBill !== undefined) {
      const details = { row: String(sameBill) };
      return { faults: [{ column: 'studentNo', code: 'IMPORT_DUPLICATE_ROW', details }] };
    }
    this.rowOfStudent.putIfAbsent(studentId, row);
    this.nameOfStudent.putIfAbsent(studentId, name);
    return { roster, billId, studentId };
  }

  holdsBill(billId: BillId): boolean {
    return this.rowOfBill.get(billId) !== undefined;
  }
}
