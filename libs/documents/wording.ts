import { formatDecimal, type Money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { ReceiptLine, ReceiptView } from '#libs/payments/contract/index.js';

/** A label on the receipt: Chinese in the size of the text, English small beside it. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

export const LABELS = {
  title: { zh: '电子收据', en: 'Electronic receipt' },
  number: { zh: '收据号码', en: 'Receipt no.' },
  issued: { zh: '开具时间', en: 'Issued' },
  payer: { zh: '缴费人', en: 'Payer' },
  payerNumber: { zh: '编号', en: 'Payer no.' },
  channel: { zh: '缴费方式', en: 'Channel' },
  payment: { zh: '支付编号', en: 'Payment' },
  item: { zh: '收费项目', en: 'Item' },
  bill: { zh: '缴费单号', en: 'Bill no.' },
  amount: { zh: '金额（元）', en: 'Amount (CNY)' },
  total: { zh: '合计', en: 'Total' },
  capitals: { zh: '大写', en: 'In words' },
  code: { zh: '验证码', en: 'Verification code' },
} as const satisfies Record<string, Label>;

export const FOOTNOTE: Label = {
  zh: '本收据由系统开具，扫码可核验真伪；重复打印不重复入账。',
  en: 'Issued electronically; scan to verify. A reprint is not a second payment.',
};

export const CHANNELS: Readonly<Record<ReceiptView['channel'], Label>> = {
  wallet: { zh: '数字人民币钱包', en: 'e-CNY wallet' },
  cash: { zh: '现金', en: 'Cash' },
  cheque: { zh: '支票', en: 'Cheque' },
  pos: { zh: '刷卡', en: 'Card terminal' },
  transfer: { zh: '银行转账', en: 'Bank transfer' },
  operator: { zh: '运营机构代扣', en: 'Operating institution' },
  advance: { zh: '预缴款', en: 'Advance' },
  offline: { zh: '数字人民币硬钱包', en: 'e-CNY hard wallet' },
  suspense: { zh: '暂收款', en: 'Money held in suspense' },
};

/** Paid beyond what a bill asks for. */
const ADVANCE: Label = { zh: '预缴款', en: 'Advance' };

/** Printed across a receipt that counts no longer. */
export const CANCELLED: Label = { zh: '已作废', en: 'CANCELLED' };

/** Stands for a name that has been erased. */
export const MASKED_NAME = '＊＊＊';
export const SEVERAL_PAYERS: Label = { zh: '多人，见明细', en: 'several, see lines' };

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  // sv-SE writes 2026-11-22 09:05:03.
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** `2026-11-22 17:05:03`, Asia/Shanghai. */
export function localTimeOf(instant: Instant): string {
  return shanghai.format(new Date(instant));
}

/** `1,409.50`: grouped by thousands, as people read it. */
export function groupedDecimal(value: Money): string {
  const [whole = '', fraction] = formatDecimal(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `AB12-CD34-EF56`, easier to read out. */
export function groupedCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

// Controls, separators and marks that turn the direction of writing: a name must not rearrange the receipt around it.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Names are shorter, and laying out a longer text takes longer than the rest of the receipt. */
const MAX_CHARACTERS = 200;

export function payerNameOf(line: ReceiptLine): string {
  return line.payerName === null ? MASKED_NAME : printable(line.payerName);
}

/** The lines as printed: what was paid beyond a bill has a line of its own, so that the lines add up to the total. */
export function printedLines(lines: readonly ReceiptLine[]): readonly ReceiptLine[] {
  return lines.flatMap(({ advance, ...line }) =>
    advance ? [line, { ...line, description: `${ADVANCE.zh} ${ADVANCE.en}`, amount: advance }] : [line],
  );
}

/** One payer on every line: shown once above. Several: each line names its own. */
export function samePayer(lines: readonly ReceiptLine[]): boolean {
  return lines.every(
    (line) => line.payerNumber === lines[0]?.payerNumber && line.payerName === lines[0]?.payerName,
  );
}

/** Text as it may be printed: one line, no controls, no lone surrogates, at most 200 characters. */
export function printable(text: string): string {
  return text
    .slice(0, MAX_CHARACTERS)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(UNPRINTABLE, ' ')
    .trim();
}
