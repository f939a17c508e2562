import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMerchantQr, encodeMerchantQr, type MerchantQr } from '#libs/qr/index.js';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import {
  type Money,
  type Payment,
  billOf,
  byWallet,
  handIn,
  openSchool,
  pay,
  publish,
  walletWith,
} from './tuition-acts.js';

interface Code {
  readonly __typename: string;
  readonly code?: string;
  readonly reason?: string;
  readonly id: string;
  readonly content: string;
  readonly imageUrl: string;
  readonly status: string;
}
interface Link {
  readonly __typename: string;
  readonly id: string;
  readonly linkCode: string;
  readonly status: string;
}

const STUDENTS = 12;
/** Without addresses, which differ each time. */
const PAYMENT_FIELDS = '... on Payment { id status total { amount } receipts { id number } }';
const CODE_FIELDS = '... on MerchantCode { id content imageUrl status amount { amount } }';

let floor: ShopFloor;
let bursar: Person;
let clerk: Person;
let payer: Person;
let payer2: Person;
let wallet: string;
let wallet2: string;
/** One open bill of ¥120.00 per student. */
const bills: string[] = [];
let used = 0;
const nextBill = (): string => bills[used++]!;

beforeAll(async () => {
  floor = await ShopFloor.open();
  [bursar, clerk, payer, payer2] = (await Promise.all(
    ['bursar', 'clerk', 'payer', 'payer2'].map((name) => floor.person(name)),
  )) as [Person, Person, Person, Person];
  await openSchool(await floor.person('bd'), bursar, 'school-2');
  const rows = Array.from(
    { length: STUDENTS },
    (_, index) => `2026-2027,1,S${index},学生${index},一年级,一班,TUITION,120.00,2099-09-30`,
  );
  const file = `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${rows.join('\n')}\n`;
  await publish(bursar, await handIn(bursar, new TextEncoder().encode(file), 'qr.csv'));
  for (let index = 0; index < STUDENTS; index += 1) bills.push((await billOf(bursar, `S${index}`)).id);
  [wallet, wallet2] = [await walletWith(payer, '3000.00'), await walletWith(payer2, '3000.00')];
});
afterAll(() => floor.close());

let keys = 0;
const key = (): string => `qr-${(keys += 1)}`;

function issue(person: Person, asks: object | undefined, idempotencyKey = key()): Promise<Code> {
  return person.act<Code>('issueMerchantCode', { idempotencyKey, ...(asks && { asks }) }, CODE_FIELDS);
}

function read(person: Person, content: string): Promise<Code> {
  return person.get<Code>(
    `query R($content: String!) { readMerchantCode(content: $content) { __typename ... on Rejection { code message }
       ... on QrUnreadable { reason } ... on MerchantCodeReading { merchantName amount { amount } bills { due { amount } } } } }`,
    { content },
  );
}

interface Scan {
  readonly content: string;
  readonly walletId: string;
  readonly key?: string;
  readonly bills?: readonly string[];
  readonly total?: string;
}

function scan(
  person: Person,
  { content, walletId, key: idempotencyKey = key(), bills: chosen, total = '120.00' }: Scan,
) {
  const input = {
    idempotencyKey,
    content,
    ...(chosen && { bills: chosen.map((billId) => ({ billId })) }),
    expectedTotal: { amount: total },
    method: byWallet(walletId),
  };
  return person.act<Payment>('payMerchantCode', input, PAYMENT_FIELDS);
}

const digitsOf = async (limit?: string): Promise<string> => {
  const shown = await payer.act<{ readonly digits: string; readonly qrSvg: string }>(
    'showPayerCode',
    { walletId: wallet, ...(limit && { limit: { amount: limit } }) },
    '... on PayerCode { digits qrSvg limit { amount } expiresAt }',
  );
  expect(shown).toMatchObject({
    digits: expect.stringMatching(/^01\d{18}$/),
    qrSvg: expect.stringContaining('<svg'),
  });
  return shown.digits;
};

function charge(person: Person, code: string, billId: string, idempotencyKey = key()): Promise<Payment> {
  const input = { idempotencyKey, code, bills: [{ billId }], expectedTotal: { amount: '120.00' } };
  return person.act<Payment>('chargePayerCode', input, PAYMENT_FIELDS);
}

/** What somebody prints who knows the format. */
function edited(content: string, change: (qr: MerchantQr) => MerchantQr): string {
  const qr = decodeMerchantQr(content);
  if (!qr.accepted) throw new Error(qr.rejection.code);
  return encodeMerchantQr(change(qr.value));
}

describe('a till that is scanned', () => {
  it('shows a code for a bill; the payer sees what it asks for, pays it, and nobody pays it again', async () => {
    const code = await issue(clerk, { billIds: [nextBill()] });
    expect(code).toMatchObject({ __typename: 'MerchantCode', status: 'OPEN', amount: { amount: '120.00' } });
    expect(await read(payer, code.content)).toMatchObject({
      __typename: 'MerchantCodeReading',
      merchantName: '示范学校 school-2',
      amount: { amount: '120.00' },
      bills: [{ due: { amount: '120.00' } }],
    });
    const paid = await scan(payer, { content: code.content, walletId: wallet, key: 'till' });
    expect(paid).toMatchObject({ __typename: 'Payment', status: 'CAPTURED', total: { amount: '120.00' } });
    expect(await scan(payer, { content: code.content, walletId: wallet, key: 'till' })).toEqual(paid);
    expect((await scan(payer2, { content: code.content, walletId: wallet2 })).code).toBe('QR_USED');
    expect((await read(payer2, code.content)).code).toBe('QR_USED');
  });

  it('hands its code out as a picture, to nobody without the link', async () => {
    const { id, imageUrl } = await issue(clerk, { amount: { amount: '1.00' } });
    const svg = await fetch(imageUrl);
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(await svg.text()).toContain('<svg');
    const pngUrl = await bursar.get<{ readonly imageUrl: string }>(
      'query C($id: ID!) { merchantCode(id: $id) { imageUrl(format: PNG) } }',
      { id },
    );
    const png = await fetch(pngUrl.imageUrl);
    expect(new Uint8Array(await png.arrayBuffer()).slice(1, 4)).toEqual(new TextEncoder().encode('PNG'));
    expect((await fetch(imageUrl.replace(/token=.*/, 'token=x'))).status).toBe(404);
  });

  it('has a code on the wall for everybody, until the bursar takes it down', async () => {
    expect((await issue(clerk, undefined)).code).toBe('FORBIDDEN');
    const { content, id } = await issue(bursar, undefined);
    const [one, other] = [nextBill(), nextBill()];
    expect((await scan(payer, { content, walletId: wallet, bills: [one] })).status).toBe('CAPTURED');
    expect((await scan(payer2, { content, walletId: wallet2, bills: [other] })).status).toBe('CAPTURED');
    const taken = await bursar.act<Code>('withdrawMerchantCode', { codeId: id, reason: '更换' }, CODE_FIELDS);
    expect(taken.status).toBe('WITHDRAWN');
    expect((await scan(payer, { content, walletId: wallet, bills: [nextBill()] })).code).toBe('QR_WITHDRAWN');
  });

  it('two payers race for one code: one pays', async () => {
    const [one, other] = [nextBill(), nextBill()];
    const { content } = await issue(clerk, { amount: { amount: '120.00' } });
    const outcomes = await Promise.all([
      scan(payer, { content, walletId: wallet, bills: [one] }),
      scan(payer2, { content, walletId: wallet2, bills: [other] }),
    ]);
    expect(outcomes.map(({ status, code }) => status ?? code).sort()).toEqual(['CAPTURED', 'QR_USED']);
  });

  it('refuses every forgery with its reason, and takes nothing', async () => {
    const { content } = await issue(clerk, { billIds: [nextBill()] });
    const balance = () =>
      payer.get<readonly { readonly available: Money }[]>('{ wallets { available { amount } } }');
    const before = await balance();
    const attacks: readonly (readonly [string, string, string, string?])[] = [
      ['an edited amount', edited(content, (qr) => ({ ...qr, amount: '1.20' })), 'QR_FORGED'],
      ['another merchant', edited(content, (qr) => ({ ...qr, merchantName: 'Other shop' })), 'QR_FORGED'],
      ['a wrong check sum', content.replace('120.00', '001.20'), 'QR_UNREADABLE', 'CRC_WRONG'],
      ['cut off', content.slice(0, 80), 'QR_UNREADABLE', 'CRC_MISSING'],
      ['4 KB', content.padEnd(4_096, 'x'), 'QR_UNREADABLE', 'OVERSIZE'],
      ['no code at all', 'https://pay.invalid/', 'QR_UNREADABLE', 'NOT_EMV'],
    ];
    for (const [name, attack, code, reason = null] of attacks) {
      const answer = await read(payer, attack);
      expect([name, answer.code, answer.reason ?? null]).toEqual([name, code, reason]);
      const paid = await scan(payer, { content: attack, walletId: wallet, total: '1.20' });
      expect([name, paid.code]).toEqual([name, code]);
    }
    const wrongTotal = await scan(payer, { content, walletId: wallet, total: '1.20' });
    expect(wrongTotal.code).toBe('AMOUNT_MISMATCH');
    const stranger = await floor.stranger({ roles: ['payer'], organisation: 'school-2' });
    expect((await read(stranger, content)).code).toBe('QR_OTHER_TENANT');
    expect(await balance()).toEqual(before);
  });
});

describe('a till that scans', () => {
  it('charges the wallet behind the payer’s code, once', async () => {
    const [billId, more] = [nextBill(), nextBill()];
    const digits = await digitsOf();
    const paid = await charge(clerk, digits, billId, 'scan');
    expect(paid).toMatchObject({ __typename: 'Payment', status: 'CAPTURED' });
    expect(await charge(clerk, digits, billId, 'scan')).toEqual(paid);
    expect((await charge(clerk, digits, more)).code).toBe('QR_USED');
    expect((await charge(bursar, digits, billId, 'scan')).code).toBe('QR_USED');
  });

  it('refuses what is forged, foreign, or more than the payer agreed to', async () => {
    const billId = nextBill();
    const digits = await digitsOf('100.00');
    expect((await charge(clerk, digits, billId)).code).toBe('QR_OVER_LIMIT');
    const last = (Number(digits.at(-1)) + 1) % 10;
    expect((await charge(clerk, `${digits.slice(0, -1)}${last}`, billId)).code).toBe('QR_FORGED');
    expect((await charge(clerk, '6222020000000000', billId)).code).toBe('QR_UNREADABLE');
    expect((await charge(payer2, digits, billId)).code).toBe('FORBIDDEN');
    const stranger = await floor.stranger({ roles: ['clerk'], organisation: 'school-2' });
    expect((await charge(stranger, digits, billId)).code).toBe('QR_OTHER_TENANT');
  });
});

describe('a payment link', () => {
  const open = async (code: string) => {
    const response = await fetch(`${floor.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query L($code: String!) { paymentLink(code: $code) { organisationName status total { amount }
          bills { billId payerName payerNumber due { amount } } } }`,
        variables: { code },
      }),
    });
    const { data } = (await response.json()) as {
      readonly data: { readonly paymentLink: Record<string, unknown> | null };
    };
    return data.paymentLink;
  };

  it('shows anybody who has it what is due, until it is paid', async () => {
    const billId = nextBill();
    const input = {
      idempotencyKey: key(),
      billIds: [billId],
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    };
    const link = await bursar.act<Link>(
      'createPaymentLink',
      input,
      '... on PaymentLink { id linkCode status }',
    );
    expect(link.status).toBe('OPEN');
    expect(await open(link.linkCode)).toMatchObject({
      organisationName: '示范学校 school-2',
      status: 'OPEN',
      total: { amount: '120.00' },
      bills: [{ billId, payerName: expect.stringMatching(/^学\*+$/), due: { amount: '120.00' } }],
    });
    expect(await open('0'.repeat(25))).toBeNull();
    const paid = await pay(payer, { key: key(), bills: [billId], total: '120.00', method: byWallet(wallet) });
    expect(paid.status).toBe('CAPTURED');
    expect(await open(link.linkCode)).toMatchObject({
      status: 'USED_UP',
      total: { amount: '0.00' },
      bills: [],
    });
    const listed = await settled(
      () =>
        bursar.get<{ readonly nodes: readonly Link[] }>('{ paymentLinks { nodes { id linkCode status } } }'),
      ({ nodes }) => nodes.length > 0,
    );
    expect(listed.nodes).toEqual([{ id: link.id, linkCode: link.linkCode, status: 'USED_UP' }]);
  });
});

describe('after a restart', () => {
  it('codes are what they were', async () => {
    const { content } = await issue(clerk, { amount: { amount: '120.00' } });
    const codes = () =>
      bursar.get<{ readonly nodes: readonly object[]; readonly totalCount: number }>(
        '{ merchantCodes(first: 3) { totalCount nodes { id kind status content } } }',
      );
    const before = await settled(codes, ({ totalCount }) => totalCount > 5);
    await floor.restart();
    [bursar, payer] = [await floor.person('bursar'), await floor.person('payer')];
    expect(await codes()).toEqual(before);
    expect((await read(payer, content)).__typename).toBe('MerchantCodeReading');
  });
});
