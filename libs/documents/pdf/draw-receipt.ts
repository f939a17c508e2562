import { chineseCapitals } from '#libs/kernel/money/index.js';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptView } from '#libs/payments/contract/index.js';
import { FOOT_HEIGHT, MUTED, PAGE } from './page.js';
import { drawQr } from './qr.js';
import { type Column, columnsOf, paginate, type Row, rowsOf } from './rows.js';
import { openSheet, type Sheet } from './sheet.js';
import {
  CANCELLED,
  CHANNELS,
  FOOTNOTE,
  groupedCode,
  groupedDecimal,
  LABELS,
  type Label,
  localTimeOf,
  payerNameOf,
  printable,
  samePayer,
  SEVERAL_PAYERS,
} from '#libs/documents/wording.js';

/** More lines than any payment can have (50 bills): a bound on time and memory. */
export const MAX_LINES = 1_000;

export interface ReceiptToDraw {
  readonly receipt: ReceiptView;
  readonly organisation: OrganisationView;
  /** What the QR code holds is this followed by the verification code; empty: the code alone. */
  readonly verificationPrefix: string;
  /** A TrueType font with Chinese; embedded as a subset. */
  readonly font: Uint8Array;
}

const VALUE_OFFSET = 92;
const RIGHT_COLUMN = 312;
const INFO_ROW = 17;
const QR_SIDE = 62;

/** Draws a receipt as PDF, A5 landscape, as many pages as its lines need. Pure: the same input gives the same bytes. */
export async function drawReceipt(input: ReceiptToDraw): Promise<Uint8Array> {
  const { receipt, organisation } = input;
  if (receipt.lines.length > MAX_LINES) throw new RangeError(`A receipt has at most ${MAX_LINES} lines.`);
  const sheet = openSheet({
    font: input.font,
    title: `${LABELS.title.zh} ${receipt.number}`,
    author: printable(organisation.nameZh),
    issuedAt: new Date(receipt.issuedAt),
  });
  const columns = columnsOf(receipt);
  const rows = rowsOf(sheet, receipt, columns);
  const firstTop = drawHead(sheet, receipt, organisation);
  const pages = paginate(rows, firstTop + TABLE_HEAD_HEIGHT, SHORT_HEAD_BOTTOM + TABLE_HEAD_HEIGHT);
  pages.forEach((page, index) => {
    if (index > 0) {
      sheet.nextPage();
      drawShortHead(sheet, receipt, organisation);
    }
    drawTable(sheet, columns, { rows: page, top: index === 0 ? firstTop : SHORT_HEAD_BOTTOM });
    if (index === pages.length - 1) drawFoot(sheet, input);
    drawPageNumber(sheet, index + 1, pages.length);
  });
  return sheet.finish();
}

const TABLE_HEAD_HEIGHT = 20;
const SHORT_HEAD_BOTTOM = PAGE.top + 20;

/** Returns where the table starts. */
function drawHead(sheet: Sheet, receipt: ReceiptView, organisation: OrganisationView): number {
  const full = { x: PAGE.left, width: PAGE.right - PAGE.left, align: 'center' as const };
  const name = { ...full, size: 14, maxLines: 2 };
  const nameZh = printable(organisation.nameZh);
  sheet.text(nameZh, { ...name, y: PAGE.top });
  let y = PAGE.top + sheet.heightOf(nameZh, name);
  sheet.text(printable(organisation.nameEn), { ...full, y, size: 7, colour: MUTED });
  y += 12;
  sheet.text(`${LABELS.title.zh}  ${LABELS.title.en}${cancelledMark(receipt)}`, { ...full, y, size: 10 });
  y += 20;
  sheet.rule(y, true);
  y += 6;
  y = drawInfoRow(sheet, y, [LABELS.number, receipt.number], [LABELS.issued, localTimeOf(receipt.issuedAt)]);
  const [first] = receipt.lines;
  if (first && samePayer(receipt.lines)) {
    y = drawInfoRow(
      sheet,
      y,
      [LABELS.payer, payerNameOf(first)],
      [LABELS.payerNumber, printable(first.payerNumber)],
    );
  } else {
    y = drawInfoRow(sheet, y, [LABELS.payer, both(SEVERAL_PAYERS)], undefined);
  }
  return (
    drawInfoRow(
      sheet,
      y,
      [LABELS.channel, both(CHANNELS[receipt.channel])],
      [LABELS.payment, receipt.paymentId],
    ) + 2
  );
}

type Info = readonly [Label, string];

function drawInfoRow(sheet: Sheet, y: number, left: Info, right: Info | undefined): number {
  const leftEnd = right ? RIGHT_COLUMN - 12 : PAGE.right;
  let height = drawInfo(sheet, left, { x: PAGE.left, y, width: leftEnd - PAGE.left - VALUE_OFFSET });
  if (right) {
    const width = PAGE.right - RIGHT_COLUMN - VALUE_OFFSET;
    height = Math.max(height, drawInfo(sheet, right, { x: RIGHT_COLUMN, y, width }));
  }
  return y + Math.max(INFO_ROW, height + 4);
}

function drawInfo(sheet: Sheet, [label, value]: Info, at: { x: number; y: number; width: number }): number {
  sheet.label(label, at.x, at.y);
  // Identifiers are long and matter less than names: smaller.
  const place = {
    width: at.width,
    maxLines: 2,
    size: value.length > 30 && /^[\x20-\x7e]+$/.test(value) ? 7.5 : 9,
  };
  sheet.text(value, { ...place, x: at.x + VALUE_OFFSET, y: at.y });
  return sheet.heightOf(value, place);
}

function drawShortHead(sheet: Sheet, receipt: ReceiptView, organisation: OrganisationView): void {
  const text = `${LABELS.title.zh} ${receipt.number}（续）${cancelledMark(receipt)}  ${printable(organisation.nameZh)}`;
  sheet.text(text, { x: PAGE.left, y: PAGE.top, width: PAGE.right - PAGE.left });
}

function drawTable(
  sheet: Sheet,
  columns: readonly Column[],
  part: { rows: readonly Row[]; top: number },
): void {
  sheet.rule(part.top);
  for (const column of columns) {
    const x = column.align === 'right' ? column.x + column.width : column.x;
    if (column.label) sheet.label(column.label, x, part.top + 3, column.align);
  }
  let y = part.top + TABLE_HEAD_HEIGHT;
  sheet.rule(y - 2);
  for (const row of part.rows) {
    columns.forEach((column, at) => sheet.text(row.cells[at] ?? '', { ...column, y }));
    y += row.height;
  }
}

function drawFoot(sheet: Sheet, { receipt, verificationPrefix }: ReceiptToDraw): void {
  const top = PAGE.bottom - 16 - FOOT_HEIGHT + 4;
  const textEnd = PAGE.right - QR_SIDE - 18;
  sheet.rule(top, true);
  sheet.label(LABELS.total, PAGE.left, top + 8);
  sheet.text(`¥${groupedDecimal(receipt.total)}`, {
    x: PAGE.left + VALUE_OFFSET,
    y: top + 4,
    width: 260,
    size: 14,
  });
  sheet.label(LABELS.capitals, PAGE.left, top + 30);
  sheet.text(chineseCapitals(receipt.total), {
    x: PAGE.left + VALUE_OFFSET,
    y: top + 28,
    width: textEnd - PAGE.left - VALUE_OFFSET,
    size: 11,
    maxLines: 2,
  });
  sheet.label(LABELS.code, PAGE.left, top + 62);
  sheet.text(groupedCode(receipt.verificationCode), { x: PAGE.left + VALUE_OFFSET, y: top + 62, width: 200 });
  sheet.text(FOOTNOTE.zh, { x: PAGE.left, y: top + 80, width: textEnd - PAGE.left, size: 7, colour: MUTED });
  sheet.text(FOOTNOTE.en, { x: PAGE.left, y: top + 91, width: textEnd - PAGE.left, size: 6, colour: MUTED });
  drawQr(sheet, `${verificationPrefix}${receipt.verificationCode}`, {
    x: PAGE.right - QR_SIDE,
    y: top + 10,
    side: QR_SIDE,
  });
}

function drawPageNumber(sheet: Sheet, page: number, pages: number): void {
  sheet.text(`${page} / ${pages}`, {
    x: PAGE.left,
    y: PAGE.bottom - 9,
    width: PAGE.right - PAGE.left,
    align: 'center',
    size: 7,
    colour: MUTED,
  });
}

/** On every page, beside the title. */
function cancelledMark({ status }: ReceiptView): string {
  return status === 'CANCELLED' ? `  【${CANCELLED.zh} ${CANCELLED.en}】` : '';
}

function both({ zh, en }: Label): string {
  return `${zh} ${en}`;
}
