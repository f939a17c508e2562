import { beforeEach, describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import type { BillId } from '#libs/kernel/ids/index.js';
import { decodeMerchantQr, encodeMerchantQr, type MerchantQr } from '#libs/qr/index.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/callers.js';
import { fen, paymentWorld, type PaymentWorld } from '#libs/testing/payment-world.js';
import {
  bursar,
  clerk,
  codeFor,
  inTenant,
  OTHER_TENANT,
  qrNode,
  type QrNode,
} from '#libs/testing/qr-world.js';
import { manualRuntime, type ManualRuntime } from '#libs/testing/runtime/index.js';
import type { IssueMerchantCodeInput } from '../../contract/index.js';

const payer = callerOf('payer', 'payer-1');
let runtime: ManualRuntime;
let world: PaymentWorld;
let node: QrNode;
let billId: BillId;

beforeEach(async () => {
  runtime = manualRuntime();
  world = paymentWorld(undefined, runtime);
  node = qrNode(world);
  billId = await node.issueBill('0001', 14_095);
});

const ask = (input: Partial<IssueMerchantCodeInput> = {}): IssueMerchantCodeInput => ({
  idempotencyKey: 'code-1',
  organisationId: SCHOOL,
  asks: { bills: [billId] },
  ...input,
});

/** What somebody prints who knows the format: the code with something changed and a right check sum. */
function edited(content: string, change: (qr: MerchantQr) => MerchantQr): string {
  const read = decodeMerchantQr(content);
  if (!read.accepted) throw new Error(read.rejection.code);
  return encodeMerchantQr(change(read.value));
}

const ourField = (qr: MerchantQr, tag: string, value: string): MerchantQr => ({
  ...qr,
  accounts: qr.accounts.map((account) =>
    'fields' in account
      ? { ...account, fields: account.fields.map((field) => (field.tag === tag ? { tag, value } : field)) }
      : account,
  ),
});

describe('a merchant’s code', () => {
  it('is an EMVCo code that says who, what and until when', async () => {
    const code = await codeFor(node, { bills: [billId] });
    expect(code).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organisationId: SCHOOL,
      kind: 'dynamic',
      status: 'OPEN',
      bills: [billId],
      amount: fen(14_095),
      expiresAt: '2026-09-01T00:15:00.000Z',
      content: expect.stringMatching(/^000201010212.*6304[0-9A-F]{4}$/),
      issuedAt: '2026-09-01T00:00:00.000Z',
    });
    expect(decodeMerchantQr(code.content)).toEqual({
      accepted: true,
      value: {
        initiation: 'dynamic',
        accounts: [
          {
            tag: '26',
            fields: [
              { tag: '00', value: 'invalid.sluice' },
              { tag: '01', value: code.id.replaceAll('-', '') },
              { tag: '02', value: String(Date.parse('2026-09-01T00:15:00.000Z') / 1_000) },
              { tag: '03', value: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{16}$/) },
            ],
          },
        ],
        categoryCode: '8299',
        currencyCode: '156',
        amount: '140.95',
        countryCode: 'CN',
        merchantName: 'Demo High School',
        merchantCity: 'CHINA',
        additional: [],
        localised: [
          { tag: '00', value: 'ZH' },
          { tag: '01', value: '示范高级中学' },
        ],
        others: [],
      },
    });
    expect(await node.read(payer, code.content)).toEqual({
      accepted: true,
      value: {
        codeId: code.id,
        organisationId: SCHOOL,
        kind: 'dynamic',
        merchantName: '示范高级中学',
        amount: fen(14_095),
        expiresAt: code.expiresAt,
        bills: [
          {
            billId,
            billNumber: expect.stringMatching(/^2026(-[0-9A-Z]{4}){3}$/),
            description: '学费 2026-2027 1',
            due: fen(14_095),
          },
        ],
      },
    });
  });

  it('is the same code for the same key, and no other', async () => {
    const code = await codeFor(node, { bills: [billId] });
    await runtime.advance(60_000);
    expect(await codeFor(node, { bills: [billId] })).toEqual(code);
    expect(await node.issueCode(bursar, ask({ asks: { amount: fen(1) } }))).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
  });

  it('on a wall asks for nothing and never ends', async () => {
    const code = await codeFor(node, undefined);
    expect(code).toMatchObject({ kind: 'static', amount: null, expiresAt: null, bills: [] });
    expect(code.content).toContain('010211');
    await runtime.advance(400 * 86_400_000);
    expect(await node.read(payer, code.content)).toMatchObject({ accepted: true, value: { amount: null } });
  });

  it.each([
    ['a payer', payer, {}, 'FORBIDDEN'],
    ['a clerk for a wall', clerk, { asks: undefined }, 'FORBIDDEN'],
    ['another school’s bursar', callerOf('bursar', 'bursar-2', OTHER_SCHOOL), {}, 'FORBIDDEN'],
    ['nothing', bursar, { asks: { amount: fen(0) } }, 'INVALID_AMOUNT'],
    ['more than a code can say', bursar, { asks: { amount: fen(1_000_000_000_000n) } }, 'INVALID_AMOUNT'],
  ] as const)('is not issued by or for %s', async (_name, caller, input, code) => {
    const before = (await recordedEvents(world.log)).length;
    expect(await node.issueCode(caller, ask(input as Partial<IssueMerchantCodeInput>))).toMatchObject({
      accepted: false,
      rejection: { code },
    });
    expect((await recordedEvents(world.log)).length).toBe(before);
  });

  it('is issued for open bills of the organisation alone, each once', async () => {
    const elsewhere = await node.issueBill('0002', 500, OTHER_SCHOOL);
    const codeOf = async (bills: readonly BillId[]): Promise<string> => {
      const issued = await node.issueCode(bursar, ask({ asks: { bills } }));
      return issued.accepted ? 'issued' : issued.rejection.code;
    };
    expect(await codeOf([elsewhere])).toBe('BILL_NOT_FOUND');
    expect(await codeOf(['x' as BillId])).toBe('BILL_NOT_FOUND');
    expect(await codeOf([billId, billId])).toBe('DUPLICATE_BILL');
    expect(await codeOf(Array.from({ length: 51 }, () => billId))).toBe('TOO_MANY_BILLS');
    for (const expiresAt of [runtime.clock.now(), addMs(runtime.clock.now(), 86_400_001)]) {
      await expect(node.issueCode(clerk, ask({ expiresAt }))).rejects.toMatchObject({
        code: 'INVALID_EXPIRY',
      });
    }
  });

  it('is withdrawn by its own organisation', async () => {
    const { id, content } = await codeFor(node, { bills: [billId] });
    const stranger = callerOf('bursar', 'bursar-2', OTHER_SCHOOL);
    for (const caller of [stranger, inTenant(bursar, OTHER_TENANT)]) {
      expect(await node.withdrawCode(caller, id)).toMatchObject({ rejection: { code: 'QR_NOT_FOUND' } });
    }
    expect(await node.withdrawCode(payer, id)).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    expect(await node.withdrawCode(clerk, id)).toMatchObject({ value: { status: 'WITHDRAWN' } });
    expect(await node.withdrawCode(bursar, id)).toMatchObject({ value: { status: 'WITHDRAWN' } });
    expect(await node.read(payer, content)).toMatchObject({ rejection: { code: 'QR_WITHDRAWN' } });
  });
});

describe('an attack with a merchant’s code', () => {
  const attacks: Record<string, readonly [(content: string) => string, string, reason?: string]> = {
    'an edited amount': [(content) => edited(content, (qr) => ({ ...qr, amount: '0.95' })), 'QR_FORGED'],
    'no amount any more': [(content) => edited(content, ({ amount: _amount, ...qr }) => qr), 'QR_FORGED'],
    'another merchant’s name': [
      (content) => edited(content, (qr) => ({ ...qr, merchantName: 'Somebody else' })),
      'QR_FORGED',
    ],
    'another name in Chinese': [
      (content) =>
        edited(content, (qr) => ({
          ...qr,
          localised: [
            { tag: '00', value: 'ZH' },
            { tag: '01', value: '他人' },
          ],
        })),
      'QR_FORGED',
    ],
    'a longer life': [(content) => edited(content, (qr) => ourField(qr, '02', '4102444800')), 'QR_FORGED'],
    'made static': [
      (content) => edited(content, ({ amount: _amount, ...qr }) => ({ ...qr, initiation: 'static' })),
      'QR_FORGED',
    ],
    'another code’s id': [
      (content) => edited(content, (qr) => ourField(qr, '01', 'f'.repeat(32))),
      'QR_FORGED',
    ],
    'a guessed seal': [(content) => edited(content, (qr) => ourField(qr, '03', '0'.repeat(16))), 'QR_FORGED'],
    'a second account beside ours': [
      (content) =>
        edited(content, (qr) => ({
          ...qr,
          accounts: [...qr.accounts, { tag: '27', fields: [{ tag: '00', value: 'invalid.other' }] }],
        })),
      'QR_FORGED',
    ],
    'something added': [
      (content) => edited(content, (qr) => ({ ...qr, others: [{ tag: '61', value: '100000' }] })),
      'QR_FORGED',
    ],
    'another network’s code': [
      (content) => edited(content, (qr) => ourField(qr, '00', 'invalid.other')),
      'QR_UNREADABLE',
      'NOT_OURS',
    ],
    'an amount edited without its check sum': [
      (content) => content.replace('140.95', '000.95'),
      'QR_UNREADABLE',
      'CRC_WRONG',
    ],
    'half a code': [(content) => content.slice(0, 60), 'QR_UNREADABLE', 'CRC_MISSING'],
    '4 KB': [(content) => content.padEnd(4_096, '0'), 'QR_UNREADABLE', 'OVERSIZE'],
    nothing: [() => '', 'QR_UNREADABLE', 'NOT_EMV'],
  };

  it.each(Object.entries(attacks))(
    '%s is refused, and nothing is stored',
    async (_name, [attack, code, reason]) => {
      const walletId = await node.openWallet('payer-1', 100_000);
      const { content } = await codeFor(node, { bills: [billId] });
      const before = (await recordedEvents(world.log)).length;
      const rejection = { code, ...(reason && { details: { reason } }) };
      expect(await node.read(payer, attack(content))).toMatchObject({ accepted: false, rejection });
      expect(
        await node.payCode(payer, {
          idempotencyKey: 'key-1',
          content: attack(content),
          expectedTotal: fen(95),
          method: { channel: 'wallet', walletId },
        }),
      ).toMatchObject({ accepted: false, rejection });
      expect((await recordedEvents(world.log)).length).toBe(before);
    },
  );

  it('that spells a genuine code another way is refused', async () => {
    const { content } = await codeFor(node, { bills: [billId] });
    const template = /26\d\d00.*?(?=5204)/.exec(content)![0];
    const respelled = content.replace(template, '').replace('5802CN', `${template}5802CN`).slice(0, -4);
    const read = decodeMerchantQr(content);
    const { crc16Text } = await import('#libs/qr/crc16.js');
    const second = respelled + crc16Text(respelled);
    expect(decodeMerchantQr(second)).toEqual(read);
    expect(await node.read(payer, second)).toMatchObject({ rejection: { code: 'QR_FORGED' } });
  });

  it('from another institution says so; under another secret it is forged', async () => {
    const { content } = await codeFor(node, { bills: [billId] });
    expect(await node.read(inTenant(payer, OTHER_TENANT), content)).toMatchObject({
      rejection: { code: 'QR_OTHER_TENANT' },
    });
    const elsewhere = qrNode(world, undefined, sealsOf(new Uint8Array(32).fill(8)));
    expect(await elsewhere.read(payer, content)).toMatchObject({ rejection: { code: 'QR_FORGED' } });
  });

  it('too late is refused, to the millisecond', async () => {
    const { content } = await codeFor(node, { bills: [billId] });
    await runtime.advance(15 * 60_000 - 1);
    expect(await node.read(payer, content)).toMatchObject({ accepted: true });
    await runtime.advance(1);
    expect(await node.read(payer, content)).toMatchObject({ rejection: { code: 'QR_EXPIRED' } });
  });
});
