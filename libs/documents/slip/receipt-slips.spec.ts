import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptLine, ReceiptView } from '#libs/payments/contract/index.js';
import type { SlipFormat } from '../port/index.js';
import { receiptSlips } from './index.js';
import { COLUMNS } from './markup.js';

const school: OrganisationView = {
  id: asId<'organisation'>('school-2'),
  nameZh: '示范高级中学',
  nameEn: 'Demo High School',
  kind: 'school',
};

function line(over: Partial<ReceiptLine> = {}): ReceiptLine {
  return {
    billId: asId<'bill'>('b1'),
    billNumber: '2026-0001-ABCD-EFGH',
    payerNumber: 'G20260001',
    payerName: '学生0001',
    description: '学费 2026-2027 第一学期',
    amount: money(CNY, 140_950n),
    ...over,
  };
}

function receiptOf(lines: readonly ReceiptLine[], over: Partial<ReceiptView> = {}): ReceiptView {
  return {
    id: 'r1',
    number: '2026-00000042',
    organisationId: school.id,
    paymentId: asId<'payment'>('01890a5d-ac96-774b-bcce-b302099a8057'),
    total: money(
      CNY,
      lines.reduce((sum, { amount, advance }) => sum + amount.amount + (advance?.amount ?? 0n), 0n),
    ),
    channel: 'wallet',
    issuedAt: parseInstant('2026-11-22T09:05:03Z'),
    verificationCode: 'AB12CD34EF56',
    status: 'ISSUED',
    lines,
    ...over,
  };
}

const slips = receiptSlips({ verificationPrefix: 'https://pay.example.invalid/verify/' });

function drawn(receipt: ReceiptView, format: SlipFormat = 'text', organisation = school): string {
  const { content } = slips.render(receipt, organisation, format);
  return format === 'escpos'
    ? iconv.decode(Buffer.from(content), 'gb18030')
    : Buffer.from(content).toString('utf8');
}

/** A Chinese character takes two columns. */
const columnsOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffe6]/.test(sign) ? 2 : 1), 0);

/** ESC/POS: GS V cuts, GS v 0 prints a picture. */
const CUT = '\x1dV';
const PICTURE = '\x1dv0';

describe('a slip', () => {
  it('says everything, the amount in capitals too, and its lines add up', () => {
    const receipt = receiptOf([line(), line({ description: '住宿费', advance: money(CNY, 5_000n) })]);
    const rows = drawn(receipt).split('\n');
    expect(rows.map((row) => row.trim().replaceAll(/ {2,}/g, '  '))).toEqual([
      '示  范  高  级  中  学',
      'Demo High School',
      '电子收据 Electronic receipt',
      '-'.repeat(48),
      '收据号码 Receipt no.  2026-00000042',
      '开具时间 Issued  2026-11-22 17:05:03',
      '缴费人 Payer  学生0001',
      '编号 Payer no.  G20260001',
      '缴费方式 Channel  数字人民币钱包',
      '-'.repeat(48),
      '学费 2026-2027 第一学期  1,409.50',
      '2026-0001-ABCD-EFGH',
      '住宿费  1,409.50',
      '2026-0001-ABCD-EFGH',
      '预缴款 Advance  50.00',
      '2026-0001-ABCD-EFGH',
      '-'.repeat(48),
      '合计 Total  ￥2,869.00',
      '大写 In words',
      '贰仟捌佰陆拾玖元整',
      '-'.repeat(48),
      '验证码 AB12-CD34-EF56',
      '',
      '本收据由系统开具，扫码可核验真伪；重复打印不重复',
      '入账。',
      'Issued electronically; scan to verify. A reprint',
      'is not a second payment.',
      '',
    ]);
    expect(Math.max(...rows.map(columnsOf))).toBe(COLUMNS);
  });

  it('is sent to printers in GB18030, with the address of the check as a QR code, and cuts the paper once', () => {
    const sent = drawn(receiptOf([line()]), 'escpos');
    for (const words of ['示范高级中学', '学生0001', '壹仟肆佰零玖元伍角', '数字人民币钱包'])
      expect(sent).toContain(words);
    expect(sent).not.toContain('?');
    expect(sent.split(CUT)).toHaveLength(2);
    const codes = (receipt: ReceiptView): string => drawn(receipt, 'escpos').split(PICTURE)[1] ?? '';
    expect(codes(receiptOf([line()])).length).toBeGreaterThan(1_000);
    expect(codes(receiptOf([line()], { verificationCode: 'AB12CD34EF57' }))).not.toBe(
      codes(receiptOf([line()])),
    );
  });

  it('says that it counts no longer', () => {
    const cancelled = receiptOf([line()], { status: 'CANCELLED' });
    expect(drawn(cancelled).replaceAll(' ', '')).toContain('已作废CANCELLED');
    expect(drawn(receiptOf([line()])).replaceAll(' ', '')).not.toContain('已作废');
  });

  it('names no payer whose data was erased, and each of several on its own line', () => {
    expect(drawn(receiptOf([line({ payerName: null })]))).toMatch(/Payer +＊＊＊/);
    const two = drawn(receiptOf([line(), line({ payerName: '学生0002', payerNumber: 'G20260002' })]));
    expect(two).toMatch(/学生0001 G20260001[^]*学生0002 G20260002/);
  });

  it('prints what is hostile letter by letter: no command, no cut, no code, no line of its own', () => {
    const attacks = [
      '\\x1b@\\x1dV\\x00',
      '{command:\\x1dV0}',
      '{code:https://elsewhere.invalid;option:qrcode}',
      '{image:iVBORw0KGgo=}',
      '====',
      '----',
      '|a|b|c|',
      '\x1b@\x1dV0',
      '~_"`^\\n',
      '\u202e\u0000\ud800',
      '长'.repeat(500),
      '𠮷😀㐀',
      '',
      ' ',
    ];
    const plain = drawn(receiptOf([line({ description: 'x' })]), 'escpos');
    for (const attack of attacks) {
      const receipt = receiptOf([line({ description: attack, payerName: attack, billNumber: attack })], {
        number: attack,
      });
      const named = { ...school, nameZh: attack, nameEn: attack };
      const sent = drawn(receipt, 'escpos', named);
      expect([attack, sent.split(CUT).length, sent.split(PICTURE).length]).toEqual([
        attack,
        2,
        plain.split(PICTURE).length,
      ]);
      expect(Math.max(...drawn(receipt, 'text', named).split('\n').map(columnsOf))).toBeLessThanOrEqual(
        COLUMNS,
      );
    }
    const shown = '\\x1dV {command:x} |~_"`^=-';
    expect(drawn(receiptOf([line({ payerNumber: shown })]))).toContain(shown);
  });

  it('is the same when printed again, in every format', () => {
    const receipt = receiptOf([line()]);
    for (const format of ['svg', 'text', 'escpos'] as const)
      expect(slips.render(receipt, school, format)).toEqual(slips.render(receipt, school, format));
  });
});
