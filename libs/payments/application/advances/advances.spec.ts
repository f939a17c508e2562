import { describe, expect, it } from '@jest/globals';
import { SetBillingTerms } from '#libs/billing/contract/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { fen, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, bursar, clerk, defineFeeItem, issueBill, payer } from '#libs/testing/school-fixture.js';
import {
  AdvancesOf,
  PayBills,
  PaymentsForBill,
  PaymentsOf,
  type PayBillsInput,
} from '../../contract/index.js';

const NEXT_YEAR = { academicYear: '2027-2028' };

async function school(world: ProductWorld, advanceAllowed = true) {
  const effectiveFrom = localDateOf(world.runtime.clock.now());
  const terms = { partialAllowed: true, minimumPartial: fen(100), advanceAllowed };
  const input = { idempotencyKey: 'terms', organisationId: SCHOOL, effectiveFrom, terms };
  accepted(await world.execute(new SetBillingTerms(bursar(), input)));
  return defineFeeItem(world, 'TUITION');
}

const cash = (input: Pick<PayBillsInput, 'idempotencyKey' | 'bills'>, totalFen: number): PayBillsInput => ({
  ...input,
  expectedTotal: fen(totalFen),
  method: { channel: 'cash', tendered: fen(totalFen) },
});

async function advances(world: ProductWorld) {
  const page = await world.query(new AdvancesOf(bursar(), SCHOOL, undefined, { first: 10 }));
  return page.items.map(({ item: { payerNumber, available, held } }) => ({ payerNumber, available, held }));
}

/** The carrier reacts to what it causes itself: until nothing more comes of it. */
async function settled(world: ProductWorld) {
  for (let count = -1; ;) {
    await world.consumers.caughtUp();
    const events = await recordedEvents(world.log);
    if (events.length === count) return events;
    count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('what is paid beyond a bill', () => {
  it('becomes the payer’s advance, stands on the receipt, and pays the next bill as soon as it is issued', async () => {
    await using world = await productWorld();
    const feeItem = await school(world);
    const first = await issueBill(world, billContent(feeItem, '0001'));
    const bills = [{ billId: first, amount: fen(2_700) }];
    const paid = accepted(
      await world.execute(new PayBills(clerk(SCHOOL), cash({ idempotencyKey: 'a', bills }, 2_700))),
    );
    expect(paid).toMatchObject({
      status: 'CAPTURED',
      bills: [{ billId: first, amount: fen(1_000), advance: fen(1_700) }],
      receipts: [{ total: fen(2_700), lines: [{ amount: fen(1_000), advance: fen(1_700) }] }],
    });
    expect(await advances(world)).toEqual([{ payerNumber: '0001', available: fen(1_700), held: fen(0) }]);
    const next = await issueBill(world, billContent(feeItem, '0001', NEXT_YEAR));
    const foreign = await issueBill(world, billContent(feeItem, '0002'));
    const events = await settled(world);
    expect(await advances(world)).toEqual([{ payerNumber: '0001', available: fen(700), held: fen(0) }]);
    const [byAdvance] = await world.query(new PaymentsForBill(bursar(), next));
    expect(byAdvance).toMatchObject({
      status: 'CAPTURED',
      channel: 'advance',
      total: fen(1_000),
      receipts: [{ channel: 'advance', total: fen(1_000) }],
    });
    expect(await world.query(new PaymentsForBill(bursar(), foreign))).toEqual([]);
    expect(auditPayments(events)).toEqual([]);
  });

  it('pays the oldest bill first, and the last one in part', async () => {
    await using world = await productWorld();
    const feeItem = await school(world);
    const first = await issueBill(world, billContent(feeItem, '0001'));
    const due = ['2027-09-30', '2026-12-31'] as const;
    const later = await issueBill(
      world,
      billContent(feeItem, '0001', { ...NEXT_YEAR, dueDate: due[0] as never }),
    );
    const sooner = await issueBill(
      world,
      billContent(feeItem, '0001', { term: '2', dueDate: due[1] as never }),
    );
    const bills = [{ billId: first, amount: fen(2_400) }];
    accepted(await world.execute(new PayBills(clerk(SCHOOL), cash({ idempotencyKey: 'a', bills }, 2_400))));
    const events = await settled(world);
    expect(await advances(world)).toEqual([{ payerNumber: '0001', available: fen(0), held: fen(0) }]);
    const paidOn = async (billId: typeof first) =>
      (await world.query(new PaymentsForBill(bursar(), billId))).map(({ channel, total }) => [
        channel,
        total,
      ]);
    expect(await paidOn(sooner)).toEqual([['advance', fen(1_000)]]);
    expect(await paidOn(later)).toEqual([['advance', fen(400)]]);
    expect(auditPayments(events)).toEqual([]);
  });

  it('is refused where the terms do not allow it', async () => {
    await using world = await productWorld();
    const feeItem = await school(world, false);
    const bills = [{ billId: await issueBill(world, billContent(feeItem, '0001')), amount: fen(1_001) }];
    expect(
      await world.execute(new PayBills(clerk(SCHOOL), cash({ idempotencyKey: 'a', bills }, 1_001))),
    ).toMatchObject({ accepted: false, rejection: { code: 'AMOUNT_EXCEEDS_OUTSTANDING' } });
    expect(await advances(world)).toEqual([]);
  });

  it('left behind by a crash is carried by the process after it', async () => {
    const dying = await productWorld();
    const feeItem = await school(dying);
    const first = await issueBill(dying, billContent(feeItem, '0001'));
    await dying.consumers.stop();
    const bills = [{ billId: first, amount: fen(3_000) }];
    accepted(await dying.execute(new PayBills(clerk(SCHOOL), cash({ idempotencyKey: 'a', bills }, 3_000))));
    await issueBill(dying, billContent(feeItem, '0001', NEXT_YEAR));
    const { log } = dying;
    await dying[Symbol.asyncDispose]();
    await using world = await productWorld({ log });
    const events = await settled(world);
    expect(await advances(world)).toEqual([{ payerNumber: '0001', available: fen(1_000), held: fen(0) }]);
    expect(auditPayments(events)).toEqual([]);
  });
});

describe('the lists of an organisation', () => {
  it('are its staff’s alone', async () => {
    await using world = await productWorld();
    const feeItem = await school(world);
    const billId = await issueBill(world, billContent(feeItem, '0001'));
    const input = cash({ idempotencyKey: 'a', bills: [{ billId, amount: fen(1_500) }] }, 1_500);
    const paid = accepted(await world.execute(new PayBills(clerk(SCHOOL), input)));
    await settled(world);
    const nothing = { items: [], hasNextPage: false };
    const page = { first: 10 };
    for (const stranger of [payer(), bursar(OTHER_SCHOOL)]) {
      expect(await world.query(new AdvancesOf(stranger, SCHOOL, undefined, page))).toEqual(nothing);
      expect(await world.query(new PaymentsOf(stranger, SCHOOL, {}, page))).toEqual(nothing);
    }
    const of = (filter: PaymentsOf['filter']) => world.query(new PaymentsOf(bursar(), SCHOOL, filter, page));
    expect((await of({})).items.map(({ item }) => item)).toEqual([paid]);
    expect((await of({ statuses: ['FAILED'] })).items).toEqual([]);
    expect((await of({ channels: ['cash'], statuses: ['CAPTURED'] })).items).toHaveLength(1);
    expect((await of({ to: paid.initiatedAt })).items).toEqual([]);
  });
});
