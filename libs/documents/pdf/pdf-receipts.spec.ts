import { afterAll, describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptLine, ReceiptView } from '#libs/payments/contract/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { DocumentFailed, DocumentsClosed, DocumentsOverloaded } from '../port/index.js';
import { drawReceipt, MAX_LINES } from './draw-receipt.js';
import { readReceiptFont } from './font.js';
import { pdfReceipts } from './index.js';
import { groupedCode, groupedDecimal, localTimeOf, printable } from '#libs/documents/wording.js';

const school: OrganisationView = {
  id: asId<'organisation'>('school-2'),
  nameZh: '示范高级中学',
  nameEn: 'Demo High School',
  kind: 'school',
};

function line(index: number, over: Partial<ReceiptLine> = {}): ReceiptLine {
  return {
    billId: asId<'bill'>(`b${index}`),
    billNumber: `2026-${index}`,
    payerNumber: 'G20260001',
    payerName: '学生0001',
    description: '学费 2026-2027 第一学期',
    amount: money(CNY, 140_950n),
    ...over,
  };
}

function receiptOf(lines: readonly ReceiptLine[]): ReceiptView {
  return {
    id: 'r1',
    number: '2026-00000042',
    organisationId: school.id,
    paymentId: asId<'payment'>('01890a5d-ac96-774b-bcce-b302099a8057'),
    total: money(
      CNY,
      lines.reduce((sum, { amount }) => sum + amount.amount, 0n),
    ),
    channel: 'wallet',
    issuedAt: parseInstant('2026-11-22T09:05:03Z'),
    verificationCode: 'AB12CD34EF56',
    status: 'ISSUED',
    lines,
  };
}

const font = await readReceiptFont();
const draw = (receipt: ReceiptView, organisation = school): Promise<Uint8Array> =>
  drawReceipt({ receipt, organisation, verificationPrefix: '', font });

const raw = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
const pageCount = (pdf: Uint8Array): number => (raw(pdf).match(/\/Type \/Page\b/g) ?? []).length;

/** What a reader copies out of the document: glyphs mapped back by the ToUnicode tables of the embedded fonts. */
function charactersOf(pdf: Uint8Array): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, body = ''] of raw(pdf).matchAll(/stream\n([\s\S]*?)\nendstream/g)) {
    let text: string;
    try {
      text = inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      continue;
    }
    for (const [, codes = ''] of text.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
      for (const [, hex = ''] of codes.matchAll(/<([0-9a-f]{4,8})>(?=[\s\]])/g)) {
        found.add(Buffer.from(hex, 'hex').swap16().toString('utf16le'));
      }
    }
  }
  return found;
}

describe('a drawn receipt', () => {
  it('has one page, one embedded font, and every sign of the names, the amount in capitals and the labels', async () => {
    const pdf = await draw(receiptOf([line(1)]));
    expect(raw(pdf).startsWith('%PDF-1.')).toBe(true);
    expect(pageCount(pdf)).toBe(1);
    expect(raw(pdf).match(/\/FontFile2 /g)).toHaveLength(1);
    expect(raw(pdf)).not.toContain('Helvetica');
    const characters = charactersOf(pdf);
    const missing = [
      ...'示范高级中学电子收据学生0001学费壹仟肆佰零玖元伍角数字人民币钱包AB12-CD34-EF56',
    ].filter((sign) => !characters.has(sign));
    expect(missing).toEqual([]);
    expect(pdf.length).toBeLessThan(60_000);
  });

  it('says on every page that it counts no longer', async () => {
    const lines = Array.from({ length: 8 }, (_, index) => line(index));
    const characters = charactersOf(await draw({ ...receiptOf(lines), status: 'CANCELLED' }));
    expect([...'【已作废】'].filter((sign) => !characters.has(sign))).toEqual([]);
    expect(charactersOf(await draw(receiptOf(lines))).has('废')).toBe(false);
  });

  it('has the same bytes when printed again', async () => {
    const receipt = receiptOf([line(1), line(2)]);
    expect(await draw(receipt)).toEqual(await draw(receipt));
  });

  it('names no payer whose data was erased', async () => {
    const characters = charactersOf(await draw(receiptOf([line(1, { payerName: null })])));
    expect([characters.has('＊'), characters.has('生')]).toEqual([true, false]);
  });

  it.each([
    [0, 1],
    [6, 1],
    [8, 2],
    [40, 3],
    [MAX_LINES, 57],
  ])('lays %d lines out on %d pages', async (lines, pages) => {
    const receipt = receiptOf(Array.from({ length: lines }, (_, index) => line(index)));
    expect(pageCount(await draw(receipt))).toBe(pages);
  });

  it('wraps and cuts what is long, and takes what is hostile', async () => {
    const hostile = line(1, {
      payerName: `\u202e\u0000\ud800${'长'.repeat(5_000)}`,
      description: `\n${'住宿费 '.repeat(5_000)}`,
      billNumber: 'B'.repeat(5_000),
    });
    const named = { ...school, nameZh: '示范'.repeat(500), nameEn: 'Demo '.repeat(500) };
    expect(pageCount(await draw(receiptOf([hostile, line(2)]), named))).toBe(1);
  });

  it('refuses more lines than a payment can have', async () => {
    const receipt = receiptOf(Array.from({ length: MAX_LINES + 1 }, (_, index) => line(index)));
    await expect(draw(receipt)).rejects.toThrow(RangeError);
  });
});

describe('wording', () => {
  it('writes amounts, codes, times and names as people read them', () => {
    expect(groupedDecimal(money(CNY, 99_999_999_999_999_999n))).toBe('999,999,999,999,999.99');
    expect(groupedDecimal(money(CNY, 100_050n))).toBe('1,000.50');
    expect(groupedDecimal(money('JPY/0', 1_000n))).toBe('1,000');
    expect(groupedCode('AB12CD34EF56')).toBe('AB12-CD34-EF56');
    expect(localTimeOf(parseInstant('2026-11-22T16:05:03Z'))).toBe('2026-11-23 00:05:03');
    expect(printable(' 学\u202e生\n0001\ud800 ')).toBe('学 生 0001\ufffd');
  });
});

describe('pdfReceipts', () => {
  const { timers } = systemRuntime();
  const documents = pdfReceipts({ timers, maxWaiting: 2 });
  afterAll(() => documents.close());

  it('draws on a thread what is drawn here', async () => {
    const receipt = receiptOf([line(1)]);
    const document = await documents.render(receipt, school);
    expect(document).toEqual({ mediaType: 'application/pdf', content: new Uint8Array(await draw(receipt)) });
  });

  it('draws in order, refuses what would wait too long, and goes on after a receipt it cannot draw', async () => {
    const tooLong = receiptOf(Array.from({ length: MAX_LINES + 1 }, (_, index) => line(index)));
    const results = await Promise.allSettled([
      documents.render(tooLong, school),
      documents.render(receiptOf([line(1)]), school),
      documents.render(receiptOf([line(2)]), school),
      documents.render(receiptOf([line(3)]), school),
    ]);
    expect(
      results.map((result) => (result.status === 'rejected' ? result.reason.name : result.status)),
    ).toEqual(['DocumentFailed', 'fulfilled', 'fulfilled', 'DocumentsOverloaded']);
    expect(DocumentsOverloaded.name).toBe('DocumentsOverloaded');
  });

  it('replaces a thread that does not answer in time', async () => {
    const impatient = pdfReceipts({ timers, deadlineMs: 1 });
    await expect(impatient.render(receiptOf([line(1)]), school)).rejects.toThrow(DocumentFailed);
    await expect(impatient.render(receiptOf([line(1)]), school)).rejects.toThrow('not drawn in time');
    await impatient.close();
  });

  it('fails what waits when it closes, and refuses afterwards', async () => {
    const closing = pdfReceipts({ timers });
    const waiting = [
      closing.render(receiptOf([line(1)]), school),
      closing.render(receiptOf([line(2)]), school),
    ];
    const settled = Promise.allSettled(waiting);
    await closing.close();
    await closing.close();
    expect((await settled).map((result) => result.status === 'rejected' && result.reason.name)).toEqual([
      'DocumentsClosed',
      'DocumentsClosed',
    ]);
    await expect(closing.render(receiptOf([line(1)]), school)).rejects.toThrow(DocumentsClosed);
  });
});
