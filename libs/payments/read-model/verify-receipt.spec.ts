import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import { fen, OTHER_SCHOOL, recordedEvents, SCHOOL, TENANT } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, clerk, defineFeeItem, issueBill, ops } from '#libs/testing/school-fixture.js';
import { receiptBookAggregate } from '../codec/index.js';
import { PayBills, ReceiptById, VerifyReceipt, type ReceiptView } from '../contract/index.js';
import { masked } from './verify-receipt.js';

describe('verification of a receipt', () => {
  let world: ProductWorld;
  let receipt: ReceiptView;
  beforeAll(async () => {
    world = await productWorld();
    const names = { nameZh: '示范第一小学', nameEn: 'Model Primary School No. 1', kind: 'school' as const };
    await world.execute(new RegisterOrganisation(ops, { organisationId: SCHOOL, ...names }));
    const billId = await issueBill(world, billContent(await defineFeeItem(world, 'TUITION'), 'G20260001'));
    const paid = await world.execute(
      new PayBills(clerk(SCHOOL), {
        idempotencyKey: 'pay',
        bills: [{ billId }],
        expectedTotal: fen(1_000),
        method: { channel: 'cash', tendered: fen(1_000) },
      }),
    );
    if (!paid.accepted) throw new Error(paid.rejection.code);
    receipt = paid.value.receipts[0]!;
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const verified = (code: string, organisation?: string) =>
    world.query(
      new VerifyReceipt(code, organisation === undefined ? undefined : asId<'organisation'>(organisation)),
    );

  it('says what is on the paper, and nobody’s name, number or bill', async () => {
    const found = await verified(receipt.verificationCode, SCHOOL);
    expect(found).toEqual({
      status: 'VALID',
      number: receipt.number,
      organisation: {
        code: SCHOOL,
        nameZh: '示范第一小学',
        nameEn: 'Model Primary School No. 1',
      },
      total: fen(1_000),
      issuedAt: receipt.issuedAt,
      payerNumbers: ['G2*****01'],
    });
    expect(await verified(receipt.verificationCode)).toEqual(found);
  });

  it('reads codes as people write them', async () => {
    const { verificationCode } = receipt;
    const grouped = verificationCode.replace(/(.{4})(?=.)/g, '$1-');
    for (const written of [
      verificationCode.toLowerCase(),
      grouped,
      ` ${grouped.replaceAll('-', ' ')} `,
      verificationCode.replaceAll('0', 'o').replaceAll('1', 'l'),
    ])
      expect([written, (await verified(written))?.number]).toEqual([written, receipt.number]);
  });

  it.each([
    ['unknown', '000000000000', undefined],
    ['another organisation’s', 'real', OTHER_SCHOOL],
    ['an organisation’s that does not exist', 'real', 'school-9'],
    ['empty', '', undefined],
    ['a part of one', 'part', undefined],
    ['a pattern', '%', undefined],
    ['with a letter that codes do not have', 'U00000000000', undefined],
    ['endless', '0'.repeat(1_000_000), undefined],
  ])('answers nothing for a code that is %s', async (_, code, organisation) => {
    const { verificationCode } = receipt;
    const asked = code === 'real' ? verificationCode : code === 'part' ? verificationCode.slice(0, 11) : code;
    expect(await verified(asked, organisation)).toBeUndefined();
  });

  it('says that a receipt was cancelled', async () => {
    const events = await recordedEvents(world.log);
    const { stream } = events.find(({ type }) => type.startsWith('ReceiptIssued.'))!;
    const at = parseInstant('2026-09-02T00:00:00.000Z');
    const command = {
      kind: 'cancel' as const,
      receiptId: receipt.id,
      paymentId: receipt.paymentId,
      organisationId: SCHOOL,
      refundId: asId<'refund'>(randomUUID()),
      reason: '重复',
      at,
    };
    const context = {
      commandId: randomUUID(),
      correlationId: 'c',
      actor: 'bursar-1',
      tenant: TENANT,
      organisation: SCHOOL,
      at,
    };
    await world.store.run(receiptBookAggregate, stream.slice('receiptBook-'.length), command, context);
    expect(await verified(receipt.verificationCode)).toMatchObject({
      status: 'CANCELLED',
      number: receipt.number,
    });
    expect(await world.query(new ReceiptById(clerk(SCHOOL), receipt.id))).toMatchObject({
      status: 'CANCELLED',
    });
  });
});

describe('a masked number', () => {
  it.each([
    ['G20260001', 'G2*****01'],
    ['12345678', '12*****78'],
    ['1234567', '*****7'],
    ['1234', '*****4'],
    ['123', '*****'],
    ['', '*****'],
    ['学号二〇二六甲乙', '学号*****甲乙'],
  ])('%s is %s', (number, expected) => {
    expect(masked(number)).toBe(expected);
  });
});
