import { chineseCapitals, formatDecimal } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { ReceiptVerification } from '#libs/payments/contract/index.js';
import type { Language } from '../i18n/index.js';
import { escape, page } from '../pages/page.js';

const TEXT = {
  'zh-CN': {
    title: '收据核验',
    VALID: '✓ 有效收据',
    CANCELLED: '✗ 该收据已作废',
    unknown: '未找到该收据。请核对验证码；如有疑问，请联系收款机构。',
    limited: '查询过于频繁，请稍后再试。',
    number: '收据号码',
    organisation: '收款机构',
    date: '开具日期',
    amount: '金额（元）',
    capitals: '大写',
    payer: '缴费人编号',
    code: '验证码',
    check: '核验',
  },
  'en-US': {
    title: 'Receipt verification',
    VALID: '✓ This receipt is valid',
    CANCELLED: '✗ This receipt has been cancelled',
    unknown: 'No such receipt. Check the code; if in doubt, ask the institution that was paid.',
    limited: 'Too many checks; try again shortly.',
    number: 'Receipt no.',
    organisation: 'Institution',
    date: 'Issued on',
    amount: 'Amount (CNY)',
    capitals: 'In words',
    payer: 'Payer no.',
    code: 'Verification code',
    check: 'Verify',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** What the page says: a receipt, that there is none, that nothing was asked yet, or that it was asked too often. */
export type Finding = ReceiptVerification | 'unknown' | 'limited' | 'nothing';

export function verificationPage(finding: Finding, language: Language): string {
  const text = TEXT[language];
  const form = `<form action="/verify" method="get"><label for="code">${text.code}</label><input id="code" name="code" maxlength="40" autocomplete="off" required> <button class="button">${text.check}</button></form>`;
  return page(
    language,
    text.title,
    `<h1>${text.title}</h1>${bodyOf(finding, language)}${finding === 'limited' ? '' : form}`,
  );
}

function bodyOf(finding: Finding, language: Language): string {
  const text = TEXT[language];
  if (finding === 'nothing') return '';
  if (finding === 'unknown' || finding === 'limited') return `<p role="status">${text[finding]}</p>`;
  const { status, number, organisation, total, issuedAt, payerNumbers } = finding;
  const rows: readonly (readonly [string, string])[] = [
    [text.organisation, language === 'zh-CN' ? organisation.nameZh : organisation.nameEn],
    [text.number, number],
    [text.date, localDateOf(issuedAt)],
    [text.amount, formatDecimal(total)],
    [text.capitals, chineseCapitals(total)],
    [text.payer, payerNumbers.join(', ')],
  ];
  const cells = rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escape(value)}</td></tr>`);
  return `<p role="status" class="${status.toLowerCase()}">${text[status]}</p><table><tbody>${cells.join('')}</tbody></table>`;
}
