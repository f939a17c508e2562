import { formatDecimal, money, CNY } from '#libs/kernel/money/index.js';
import type { PlannedWave } from './demo-plan.js';

const HEADER = '缴费年度,学期,学号,姓名,年级,班级名称,身份证号,收费项目,应缴金额,减免总额,缴费期限,联系电话';

/** The wave as a bursar would hand it in: a roster with fees, CSV in UTF-8 (8-formats). */
export function rosterFile({ rows, academicYear, term, dueDate }: PlannedWave): Uint8Array {
  const lines = rows.map(({ student, feeItem, amountFen, waivedFen }) =>
    [
      academicYear,
      term,
      student.studentNo,
      student.name,
      student.grade,
      student.className,
      student.idNumber,
      feeItem,
      formatDecimal(money(CNY, amountFen)),
      formatDecimal(money(CNY, waivedFen)),
      dueDate,
      student.phone,
    ].join(','),
  );
  return Buffer.from(`${[HEADER, ...lines].join('\n')}\n`, 'utf8');
}
