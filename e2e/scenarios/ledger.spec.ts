import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { billOf, byWallet, handIn, openSchool, pay, publish, walletWith } from './tuition-acts.js';

interface Statement {
  readonly opening: { readonly amount: string };
  readonly closing: { readonly amount: string };
  readonly csvUrl: string;
  readonly lines: {
    readonly nodes: readonly {
      readonly amount: { readonly amount: string };
      readonly balance: { readonly amount: string };
      readonly eventType: string;
      readonly recordedAt: string;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const STATEMENT =
  'query S($account: String!, $from: DateTime, $to: DateTime, $first: Int!, $after: String) { accountStatement(account: $account, from: $from, to: $to, first: $first, after: $after) { opening { amount } closing { amount } csvUrl lines { nodes { amount { amount } balance { amount } eventType recordedAt } pageInfo { hasNextPage endCursor } } } }';
const PAYABLE = 'org:school-2:payable';

let floor: ShopFloor;
let bursar: Person;
let payer: Person;
let auditor: Person;
let receipt: { readonly id: string; readonly verificationCode: string; readonly number: string };

beforeAll(async () => {
  floor = await ShopFloor.open();
  bursar = await floor.person('bursar');
  payer = await floor.person('payer');
  auditor = await floor.person('auditor');
  await openSchool(await floor.person('bd'), bursar, 'school-2');
  const rows = ['L1', 'L2'].map(
    (number) => `2026-2027,1,${number},学生0001,一年级,一班,TUITION,1200.00,2026-09-30`,
  );
  const file = `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${rows.join('\n')}\n`;
  await publish(bursar, await handIn(bursar, new TextEncoder().encode(file), 'roster.csv'));
  const method = byWallet(await walletWith(payer, '5000.00'));
  for (const number of ['L1', 'L2']) {
    const bill = await billOf(bursar, number);
    const paid = await pay(payer, { key: number, bills: [bill.id], total: '1200.00', method });
    receipt = paid.receipts[0]!;
  }
});
afterAll(() => floor.close());

async function anonymous(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${floor.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the ledger', () => {
  it('gives a school its statement page by page and as a file, and chains the periods', async () => {
    const whole = await settled(
      () => bursar.get<Statement>(STATEMENT, { account: PAYABLE, first: 50 }),
      ({ lines }) => lines.nodes.length === 2,
    );
    expect(whole.lines.nodes.map(({ amount, balance }) => [amount.amount, balance.amount])).toEqual([
      ['1200.00', '1200.00'],
      ['1200.00', '2400.00'],
    ]);
    const between = whole.lines.nodes[0]!.recordedAt;
    const first = await bursar.get<Statement>(STATEMENT, { account: PAYABLE, to: between, first: 1 });
    const second = await bursar.get<Statement>(STATEMENT, { account: PAYABLE, from: between, first: 1 });
    expect(
      [first.opening, first.closing, second.opening, second.closing].map(({ amount }) => amount),
    ).toEqual(['0.00', '1200.00', '1200.00', '2400.00']);
    const file = await fetch(whole.csvUrl, { headers: { 'accept-language': 'zh-CN' } });
    const lines = (await file.text()).split('\r\n').map((line) => line.split(','));
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(lines.map((cells) => [cells[2], cells[5], cells[6]])).toEqual([
      ['事项', '收付金额', '余额'],
      ['期初余额', '', '0.00'],
      ['PaymentCaptured', '1200.00', '1200.00'],
      ['PaymentCaptured', '1200.00', '2400.00'],
      ['期末余额', '', '2400.00'],
      [undefined, undefined, undefined],
    ]);
    expect((await fetch(whole.csvUrl.replace('token=', 'token=x'))).status).toBe(404);
    expect(await payer.get(STATEMENT, { account: PAYABLE, first: 1 })).toBeNull();
  });

  it('balances as of every moment it can answer for, and refuses the others with what it can', async () => {
    const at =
      '{ trialBalance(asOf: "2026-01-01T00:00:00Z") { accounts { account } sum { amount } unposted } }';
    expect(await auditor.get(at)).toEqual({ accounts: [], sum: { amount: '0.00' }, unposted: 0 });
    const future = new Date(Date.now() + 86_400_000).toISOString();
    const { errors } = await auditor.ask(`{ trialBalance(asOf: "${future}") { unposted } }`);
    expect(errors).toMatchObject([
      { extensions: { code: 'AS_OF_NOT_PROJECTED', asOf: future, projectedUntil: expect.any(String) } },
    ]);
    const { projectedUntil } = errors![0]!.extensions as unknown as { projectedUntil: string };
    const { sum } = await auditor.get<{ sum: unknown }>(
      `{ trialBalance(asOf: "${projectedUntil}") { sum { amount } } }`,
    );
    expect(sum).toEqual({ amount: '0.00' });
    expect(
      await payer.get(
        '{ accountBalances { nodes { account balance { amount } } pageInfo { hasNextPage } } }',
      ),
    ).toMatchObject({ nodes: [{ balance: { amount: '2600.00' } }], pageInfo: { hasNextPage: false } });
  });
});

describe('a receipt', () => {
  const verified = (code: string, organisation = 'school-2') =>
    `{ verifyReceipt(organisationCode: ${JSON.stringify(organisation)}, code: ${JSON.stringify(code)}) { status number organisationName total { amount } payerNumbers } }`;

  it('comes as a slip: to look at, as text, and for a printer of 48 columns in Chinese', async () => {
    const { slipUrl, status } = await payer.get<{ slipUrl: string; status: string }>(
      'query R($id: ID!) { receipt(id: $id) { slipUrl status } }',
      { id: receipt.id },
    );
    expect(status).toBe('ISSUED');
    const typeOf = async (suffix: string) => {
      const response = await fetch(`${slipUrl}${suffix}`);
      return [response.status, response.headers.get('content-type')];
    };
    expect([
      await typeOf(''),
      await typeOf('&format=text'),
      await typeOf('&format=pdf'),
      await typeOf('x'),
    ]).toEqual([
      [200, 'image/svg+xml'],
      [200, 'text/plain; charset=utf-8'],
      [400, 'application/json; charset=utf-8'],
      [404, 'application/json; charset=utf-8'],
    ]);
    const printed = await fetch(`${slipUrl}&format=escpos`);
    const bytes = iconv.decode(Buffer.from(await printed.arrayBuffer()), 'gb18030');
    for (const words of ['示范学校 school-2', '学生0001', '壹仟贰佰元整', receipt.number])
      expect(bytes).toContain(words);
  });

  it('is verified by anybody, without a name', async () => {
    const { body } = await anonymous(verified(receipt.verificationCode));
    expect(body['data']).toEqual({
      verifyReceipt: {
        status: 'VALID',
        number: receipt.number,
        organisationName: '示范学校 school-2',
        total: { amount: '1200.00' },
        payerNumbers: ['*****'],
      },
    });
    const written = receipt.verificationCode.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
    expect((await anonymous(verified(written))).body).toEqual(body);
    const unknown = JSON.stringify((await anonymous(verified('000000000000'))).body);
    expect(unknown).toBe('{"data":{"verifyReceipt":null}}');
    for (const query of [verified('x'), verified("' or 1=1"), verified(receipt.verificationCode, 'school-1')])
      expect(JSON.stringify((await anonymous(query)).body)).toBe(unknown);
  });

  it('has a page in both languages behind its QR code, the same for what is unknown and what is no code', async () => {
    const open = async (code: string, language: string) => {
      const response = await fetch(`${floor.url}/verify/${code}`, {
        headers: { 'accept-language': language },
      });
      return { status: response.status, html: await response.text() };
    };
    const zh = await open(receipt.verificationCode, 'zh-CN');
    const en = await open(receipt.verificationCode, 'en-US');
    expect([zh.status, en.status]).toEqual([200, 200]);
    expect(zh.html).toContain('有效收据');
    expect(zh.html).toContain('壹仟贰佰元整');
    expect(en.html).toContain('This receipt is valid');
    for (const { html } of [zh, en]) {
      expect(html).toContain(receipt.number);
      expect(html).not.toContain('学生0001');
      expect(html).not.toContain('L2');
    }
    const unknown = await open('000000000000', 'zh-CN');
    expect(unknown.status).toBe(404);
    expect(await open('nonsense', 'zh-CN')).toEqual(unknown);
    expect(await open('%3Cscript%3E', 'zh-CN')).toEqual(unknown);
  });

  it('is not guessed: an address has some tries a minute', async () => {
    const codes = new Set<number>();
    for (let attempt = 0; attempt < 40; attempt += 1)
      codes.add((await anonymous(verified('000000000000'), { 'x-forwarded-for': '203.0.113.7' })).status);
    expect([...codes]).toEqual([200, 429]);
    expect((await anonymous(verified('000000000000'), { 'x-forwarded-for': '203.0.113.8' })).status).toBe(
      200,
    );
    const page = await fetch(`${floor.url}/verify/000000000000`, {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '10']);
  });
});
