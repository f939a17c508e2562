import type { ReceiptView } from '#libs/payments/contract/index.js';
import { FOOT_HEIGHT, PAGE, PAGE_NUMBER_HEIGHT } from './page.js';
import type { Sheet } from './sheet.js';
import {
  groupedDecimal,
  LABELS,
  type Label,
  payerNameOf,
  printable,
  printedLines,
  samePayer,
} from '#libs/documents/wording.js';

export interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly maxLines: number;
  readonly label?: Label;
}

export interface Row {
  readonly cells: readonly string[];
  readonly height: number;
}

const NUMBER_WIDTH = 22;
const BILL_WIDTH = 112;
const PAYER_WIDTH = 112;
/** Fits 999,999,999,999,999.99, the largest amount there is: an amount is never cut. */
const AMOUNT_WIDTH = 116;
const GAP = 8;
const ROW_PADDING = 4;

export function columnsOf(receipt: ReceiptView): readonly Column[] {
  const payerWidth = samePayer(receipt.lines) ? 0 : PAYER_WIDTH + GAP;
  const itemX = PAGE.left + NUMBER_WIDTH;
  const amountX = PAGE.right - AMOUNT_WIDTH;
  const payerX = amountX - GAP - payerWidth;
  const billX = payerX - GAP - BILL_WIDTH;
  return [
    { x: PAGE.left, width: NUMBER_WIDTH - 4, align: 'left', maxLines: 1 },
    { x: itemX, width: billX - GAP - itemX, align: 'left', maxLines: 3, label: LABELS.item },
    { x: billX, width: BILL_WIDTH, align: 'left', maxLines: 2, label: LABELS.bill },
    ...(payerWidth === 0
      ? []
      : [{ x: payerX, width: PAYER_WIDTH, align: 'left' as const, maxLines: 2, label: LABELS.payer }]),
    { x: amountX, width: AMOUNT_WIDTH, align: 'right', maxLines: 1, label: LABELS.amount },
  ];
}

export function rowsOf(sheet: Sheet, receipt: ReceiptView, columns: readonly Column[]): readonly Row[] {
  const several = !samePayer(receipt.lines);
  return printedLines(receipt.lines).map((line, index) => {
    const cells = [
      `${index + 1}`,
      printable(line.description),
      printable(line.billNumber),
      ...(several ? [`${payerNameOf(line)} ${printable(line.payerNumber)}`] : []),
      groupedDecimal(line.amount),
    ];
    const heights = columns.map((column, at) => sheet.heightOf(cells[at] ?? '', column));
    return { cells, height: Math.max(...heights) + ROW_PADDING };
  });
}

/**
 * Fills pages from `firstTop` and `nextTop` down. The last page keeps room for the foot; a row is moved over when the foot
 * would else stand on a page of its own.
 */
export function paginate(
  rows: readonly Row[],
  firstTop: number,
  nextTop: number,
): readonly (readonly Row[])[] {
  const bottom = PAGE.bottom - PAGE_NUMBER_HEIGHT;
  const pages: Row[][] = [[]];
  let y = firstTop;
  for (const row of rows) {
    const page = pages[pages.length - 1];
    if (page && page.length > 0 && y + row.height > bottom) {
      pages.push([row]);
      y = nextTop + row.height;
    } else {
      page?.push(row);
      y += row.height;
    }
  }
  if (y + FOOT_HEIGHT > bottom) {
    const last = pages[pages.length - 1];
    pages.push(last && last.length > 1 ? last.splice(-1) : []);
  }
  return pages;
}
