import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { AccountStatementView, StatementLine } from '#libs/ledger/contract/index.js';
import type { Language } from '../i18n/index.js';

/** Which statement a link is for. */
export interface StatementOf {
  readonly account: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

export function statementId(of: StatementOf): string {
  return Buffer.from(JSON.stringify(of)).toString('base64url');
}

/** Only for ids whose link was opened: they were made here. */
export function statementOf(id: string): StatementOf {
  return JSON.parse(Buffer.from(id, 'base64url').toString('utf8')) as StatementOf;
}

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

const TEXT: Readonly<
  Record<Language, { columns: readonly string[]; opening: string; closing: string; more: string }>
> = {
  'zh-CN': {
    columns: ['入账时间', '业务时间', '事项', '流程', '对方账户', '收付金额', '余额', '事件编号'],
    opening: '期初余额',
    closing: '期末余额',
    more: '行数过多，请缩短期间后重新导出',
  },
  'en-US': {
    columns: [
      'Recorded',
      'Business time',
      'Event',
      'Process',
      'Counterparty',
      'Amount',
      'Balance',
      'Event id',
    ],
    opening: 'Opening balance',
    closing: 'Closing balance',
    more: 'Too many lines: ask for a shorter period',
  },
};

export function csvHead(language: Language, { opening }: AccountStatementView): string {
  const { columns, opening: label } = TEXT[language];
  return BYTE_ORDER_MARK + row(columns) + balanceRow(label, opening);
}

export function csvLines(lines: readonly StatementLine[]): string {
  return lines.map(lineRow).join('');
}

/** `isWhole`: false when lines are left over, so that nobody takes the file for all there is. */
export function csvFoot(language: Language, { closing }: AccountStatementView, isWhole: boolean): string {
  const { closing: label, more } = TEXT[language];
  return isWhole ? balanceRow(label, closing) : row([more]);
}

function lineRow(line: StatementLine): string {
  return row([
    line.recordedAt,
    line.at,
    line.eventType,
    line.stream ?? '',
    line.counterparty ?? '',
    formatDecimal(line.amount),
    formatDecimal(line.balance),
    line.eventId,
  ]);
}

function balanceRow(label: string, balance: Money): string {
  return row(['', '', label, '', '', '', formatDecimal(balance), '']);
}

/** RFC 4180. Paths, names of events and figures hold no quote and begin with no sign that a spreadsheet takes for a formula. */
function row(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
