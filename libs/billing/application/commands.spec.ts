import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { asId, type FeeItemId } from '#libs/kernel/ids/index.js';
import { fen, OTHER_SCHOOL, SCHOOL } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, bursar, clerk, defineFeeItem, issueBill, payer } from '#libs/testing/school-fixture.js';
import {
  BillsOf,
  CancelBill,
  DefineFeeItem,
  IssueBill,
  ReleaseBill,
  ReserveBill,
} from '../contract/index.js';

describe('commands of billing', () => {
  let world: ProductWorld;
  let tuition: FeeItemId;

  beforeAll(async () => {
    world = await productWorld();
    tuition = await defineFeeItem(world, 'TUITION');
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const issue = (change: Parameters<typeof billContent>[2] = {}, request = bursar(), organisation = SCHOOL) =>
    world.execute(new IssueBill(request, organisation, billContent(tuition, '0001', change), randomUUID()));

  it('issues, changes nothing on a re-upload, and amends what differs', async () => {
    expect(await issue()).toMatchObject({ accepted: true, value: { effect: 'issued' } });
    expect(await issue()).toMatchObject({ accepted: true, value: { effect: 'unchanged' } });
    expect(await issue({ amount: fen(1_200) })).toMatchObject({ value: { effect: 'amended' } });
    const payerDetails = { ...billContent(tuition, '0001').payer, group: '2班' };
    const moved = await issue({ amount: fen(1_200), payer: payerDetails });
    expect(moved).toMatchObject({ value: { effect: 'amended' } });
    const [bill] = (await world.query(new BillsOf(bursar(), SCHOOL, {}, { first: 1 }))).items;
    expect(bill!.item).toMatchObject({ total: fen(1_200), outstanding: fen(1_200), payer: { group: '2班' } });
  });

  it('repeats the very same command without a second effect', async () => {
    const command = new IssueBill(bursar(), SCHOOL, billContent(tuition, '0009'), randomUUID());
    expect(await world.execute(command)).toMatchObject({ value: { effect: 'issued' } });
    expect(await world.execute(command)).toMatchObject({ value: { effect: 'issued' } });
  });

  it('refuses other people’s bills, unknown items and faulty content', async () => {
    const code = async (outcome: Promise<{ accepted: boolean; rejection?: { code: string } }>) =>
      (await outcome).rejection?.code;
    expect(await code(issue({}, clerk(SCHOOL)))).toBe('FORBIDDEN');
    expect(await code(issue({}, bursar(OTHER_SCHOOL)))).toBe('FORBIDDEN');
    expect(await code(issue({}, bursar(OTHER_SCHOOL), OTHER_SCHOOL))).toBe('UNKNOWN_FEE_ITEM');
    expect(await code(issue({ feeItemId: asId(randomUUID()) }))).toBe('UNKNOWN_FEE_ITEM');
    expect(await code(issue({ waived: fen(2_000) }))).toBe('INVALID_BILL');
  });

  it('defines a fee item once per key', async () => {
    const input = {
      idempotencyKey: 'k1',
      organisationId: SCHOOL,
      code: 'MEALS',
      name: '餐费',
      category: 'meals',
      glCode: '4102',
      priority: 2,
    };
    const define = (change: object = {}, request = bursar()) =>
      world.execute(new DefineFeeItem(request, { ...input, ...change }));
    const first = await define();
    expect(first).toMatchObject({ accepted: true, value: { code: 'MEALS', retired: false } });
    expect(await define()).toEqual(first);
    expect(await define({ name: '午餐' })).toMatchObject({ rejection: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(await define({ idempotencyKey: 'k2' })).toMatchObject({
      rejection: { code: 'FEE_ITEM_CODE_TAKEN' },
    });
    expect(await define({ code: '', idempotencyKey: 'k9' })).toMatchObject({
      rejection: { code: 'INVALID_FEE_ITEM' },
    });
    expect(await define({ code: 'OTHER' })).toMatchObject({ rejection: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(await define({}, bursar(OTHER_SCHOOL))).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
  });

  it('cancels a bill of one’s own school without money on it, once per key', async () => {
    const billId = await issueBill(world, billContent(tuition, '0100'));
    const cancel = (idempotencyKey: string, request = bursar(), id = billId) =>
      world.execute(new CancelBill(request, { idempotencyKey, billId: id, reason: 'mistake' }));
    expect(await cancel('c1', bursar(OTHER_SCHOOL))).toMatchObject({ rejection: { code: 'BILL_NOT_FOUND' } });
    expect(await cancel('c1', clerk(SCHOOL))).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    expect(await cancel('c1', bursar(), asId('nonsense'))).toMatchObject({
      rejection: { code: 'BILL_NOT_FOUND' },
    });
    const paymentId = asId<'payment'>(randomUUID());
    const step = () => ({ billId, paymentId, commandId: randomUUID() });
    await world.execute(new ReserveBill(payer(), step()));
    expect(await cancel('c1')).toMatchObject({ rejection: { code: 'BILL_RESERVED' } });
    await world.execute(new ReleaseBill(payer(), step()));
    const cancelled = await cancel('c1');
    expect(cancelled).toMatchObject({ accepted: true, value: { status: 'CANCELLED', outstanding: fen(0) } });
    expect(await cancel('c1')).toEqual(cancelled);
    expect(await cancel('c2')).toMatchObject({ rejection: { code: 'BILL_CANCELLED' } });
    const another = await issueBill(world, billContent(tuition, '0101'));
    expect(await cancel('c1', bursar(), another)).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
    });
    const late = await world.execute(new ReserveBill(payer(), step()));
    expect(late).toMatchObject({ accepted: false, rejection: { code: 'PAYMENT_ENDED' } });
  });
});
