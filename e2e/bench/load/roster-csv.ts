const HEADER = '缴费年度,学期,学号,姓名,年级,班级名称,收费项目,应缴金额,减免总额,缴费期限';

/** A roster with fees as a bursar hands it in (UTF-8). Students of one round are in no other round. */
export function rosterCsv(rows: number, round: number): Uint8Array {
  const lines = [HEADER];
  for (let index = 0; index < rows; index += 1) {
    const number = `${3_000 + round}${index.toString().padStart(6, '0')}`;
    const className = `高一（${(index % 20) + 1}）班`;
    lines.push(`2026-2027,1,${number},学生${number},高一,${className},TUITION,1409.50,0.00,2027-09-30`);
  }
  return Buffer.from(`${lines.join('\n')}\n`, 'utf8');
}
