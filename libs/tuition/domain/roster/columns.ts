import type { RosterCell } from './cell.js';

/** The columns of a school roster with fees, by their English header. */
export const ROSTER_COLUMNS = {
  academicYear: '缴费年度',
  term: '学期',
  studentNo: '学号',
  name: '姓名',
  grade: '年级',
  major: '专业',
  className: '班级名称',
  idNumber: '身份证号',
  feeItem: '收费项目',
  amount: '应缴金额',
  waiver: '减免总额',
  dueDate: '缴费期限',
  deferred: '是否缓缴',
  deferredUntil: '缓缴期限',
  phone: '联系电话',
  // Results of other systems, and our own messages: known, never taken in.
  paid: '实缴金额',
  outstanding: '未缴金额',
  status: '缴费状态',
  errors: '错误信息',
} as const;

export type RosterColumn = keyof typeof ROSTER_COLUMNS;

export const REQUIRED_COLUMNS: readonly RosterColumn[] = [
  'academicYear',
  'term',
  'studentNo',
  'name',
  'feeItem',
  'amount',
  'dueDate',
];

/** Titles and remarks may stand above the header, but no more rows than these. */
export const HEADER_SEARCH_ROWS = 10;

const MAX_HEADER_CHARACTERS = 100;

export interface RosterHeader {
  /** 1-based row of the header. */
  readonly row: number;
  /** Headers as they stand in the file, by position from 0; `''` where there is none. */
  readonly titles: readonly string[];
  /** Positions from 0. */
  readonly positions: Readonly<Partial<Record<RosterColumn, number>>>;
  readonly missing: readonly RosterColumn[];
  readonly repeated: readonly RosterColumn[];
  /** Titles that mean nothing here. */
  readonly unknown: readonly string[];
  readonly language: 'zh-CN' | 'en-US';
}

const BY_TITLE: ReadonlyMap<string, RosterColumn> = new Map(
  (Object.entries(ROSTER_COLUMNS) as [RosterColumn, string][]).flatMap(([english, chinese]) => [
    [chinese, english],
    [english.toLowerCase(), english],
  ]),
);

/** Reads a row as a header, whatever it holds: order is free, Chinese and English may be mixed. */
export function readHeader(row: number, cells: readonly RosterCell[]): RosterHeader {
  const titles = cells.map(titleOf);
  const positions: Partial<Record<RosterColumn, number>> = {};
  const repeated: RosterColumn[] = [];
  const unknown: string[] = [];
  let chinese = 0;
  for (const [index, title] of titles.entries()) {
    const column = BY_TITLE.get(keyOf(title));
    if (column === undefined) {
      if (title !== '') unknown.push(title);
    } else if (positions[column] !== undefined) {
      repeated.push(column);
    } else {
      positions[column] = index;
      chinese += keyOf(title) === ROSTER_COLUMNS[column] ? 1 : -1;
    }
  }
  const missing = REQUIRED_COLUMNS.filter((column) => positions[column] === undefined);
  return { row, titles, positions, missing, repeated, unknown, language: chinese < 0 ? 'en-US' : 'zh-CN' };
}

/** Of the rows that could be the header: the first complete one, else the one that comes closest. */
export function bestHeader(candidates: readonly RosterHeader[]): RosterHeader | undefined {
  return candidates.toSorted((a, b) => a.missing.length - b.missing.length)[0];
}

function titleOf(cell: RosterCell): string {
  return (typeof cell === 'string' ? cell : cell.text).trim().slice(0, MAX_HEADER_CHARACTERS);
}

/** Blanks, full-width forms, case, and the marks of a required column (`*`, `（必填）`) make no difference. */
function keyOf(title: string): string {
  return title
    .normalize('NFKC')
    .replaceAll(/\s|\*|\(必填\)|\(required\)/gi, '')
    .toLowerCase();
}
