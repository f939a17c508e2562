import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ApprovalById, DecideApproval, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import { asId, type BillId, type FeeItemId } from '#libs/kernel/ids/index.js';
import { addDays, localDateOf, parseLocalDate, type LocalDate } from '#libs/kernel/time/index.js';
import { callerOf, fen, OTHER_SCHOOL, requestOf, SCHOOL, TENANT } from '#libs/testing/payment-world.js';
import { productWorld, type ProductWorld } from '#libs/testing/product-world.js';
import { billContent, bursar, clerk, defineFeeItem, issueBill, payer } from '#libs/testing/school-fixture.js';
import {
  AdjustBill,
  BillById,
  BillingTermsOf,
  BillPriceOn,
  BillsOf,
  BillTimeline,
  BillTotalsOf,
  SetBillingTerms,
  WriteOffBill,
  type PaymentPolicy,
} from '../contract/index.js';
import { ViewedLapsingBills } from '../read-model/lapsing-bill-list.js';
import { BillExpiry } from './bill-expiry.js';
import { BillSteps } from './payment-steps.js';
import { WriteOffApprovals } from './write-off/write-off-approvals.js';

const supervisor = requestOf(callerOf('supervisor', 'supervisor-1', SCHOOL));
const TERMS: PaymentPolicy = {
  partialAllowed: true,
  minimumPartial: fen(100),
  advanceAllowed: true,
  lateFee: { rate: '5/10000', graceDays: 0, order: 'lateFeeFirst' },
};

describe('what bills of a school ask for', () => {
  let world: ProductWorld;
  let tuition: FeeItemId;
  let steps: BillSteps;
  let today: LocalDate;
  let waiter: ApprovalWaiter | undefined;
  let issued = 0;

  beforeAll(async () => {
    // Made once the world is there.
    const late: ApprovalWaiter = { kinds: ['writeOff'], decided: (decision) => waiter!.decided(decision) };
    world = await productWorld({ approvalWaiters: [late] });
    waiter = new WriteOffApprovals(world.store, world.runtime, world.approvals);
    steps = new BillSteps(world.store, world.runtime);
    today = localDateOf(world.runtime.clock.now());
    tuition = await defineFeeItem(world, 'TUITION');
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const setTerms = (terms: PaymentPolicy, change: object = {}, request = bursar()) =>
    world.execute(
      new SetBillingTerms(request, {
        idempotencyKey: randomUUID(),
        organisationId: SCHOOL,
        effectiveFrom: today,
        terms,
        ...change,
      }),
    );
  const bill = (change: Parameters<typeof billContent>[2] = {}) => {
    issued += 1;
    return issueBill(world, billContent(tuition, `T${issued}`, { amount: fen(140_950), ...change }));
  };
  const step = (billId: BillId, paymentId = asId<'payment'>(randomUUID())) => ({
    billId,
    paymentId,
    tenant: TENANT,
    organisationId: SCHOOL,
    actor: 'clerk-1',
    correlationId: 'c',
    commandId: randomUUID(),
  });
  const shown = async (billId: BillId) => (await world.query(new BillById(bursar(), billId)))!;
  const refused = async (outcome: Promise<{ accepted: boolean; rejection?: { code: string } }>) =>
    (await outcome).rejection?.code;

  it('follows the terms of the day of issue, whatever is set later', async () => {
    const before = await bill({ dueDate: addDays(today, -10) });
    const key = { idempotencyKey: 'terms-1' };
    const set = await setTerms(TERMS, key);
    expect(set).toEqual({
      accepted: true,
      value: { effectiveFrom: today, setAt: expect.any(String), inForce: true, terms: TERMS },
    });
    expect(await setTerms(TERMS, key)).toEqual(set);
    expect(await refused(setTerms({ ...TERMS, advanceAllowed: false }, key))).toBe('IDEMPOTENCY_CONFLICT');
    expect(await refused(setTerms(TERMS, { effectiveFrom: addDays(today, -1) }))).toBe('INVALID_TERMS');
    expect(await refused(setTerms(TERMS, {}, clerk(SCHOOL)))).toBe('FORBIDDEN');
    expect(await refused(setTerms(TERMS, {}, bursar(OTHER_SCHOOL)))).toBe('FORBIDDEN');
    await setTerms({ ...TERMS, partialAllowed: false }, { effectiveFrom: addDays(today, 1) });
    const versions = await world.query(new BillingTermsOf(bursar(), SCHOOL));
    expect(versions.map(({ effectiveFrom, inForce }) => [effectiveFrom, inForce])).toEqual([
      [addDays(today, 1), false],
      [today, true],
      [null, false],
    ]);
    expect(await world.query(new BillingTermsOf(payer(), SCHOOL))).toEqual([]);
    const later = await bill({ dueDate: addDays(today, -10) });
    const prices = await steps.price(TENANT, [before, later, asId(randomUUID())], today);
    expect(
      [...prices.values()].map(({ due, partialAllowed, advanceAllowed }) => [
        due,
        partialAllowed,
        advanceAllowed,
      ]),
    ).toEqual([
      [fen(140_950), true, false],
      [fen(141_654), true, true],
    ]);
    expect((await steps.price(asId('other'), [later], today)).size).toBe(0);
  });

  it('prices, charges, allocates and shows late fee', async () => {
    const billId = await bill({ dueDate: parseLocalDate('2026-09-30') });
    const asOf = parseLocalDate('2026-10-10');
    const price = await world.query(new BillPriceOn(payer(), billId, asOf));
    expect(price).toMatchObject({
      principal: fen(140_950),
      lateFee: fen(704),
      rebate: fen(0),
      due: fen(141_654),
    });
    expect(await world.query(new BillPriceOn(bursar(OTHER_SCHOOL), billId, asOf))).toBeUndefined();
    const payment = step(billId);
    const reserve = () => steps.reserve(payment, { amount: fen(150_000), asOf, quotedDue: price!.due });
    const reserved = await reserve();
    expect(reserved).toMatchObject({
      accepted: true,
      value: { reserved: fen(141_654), lateFee: fen(704), advance: fen(8_346) },
    });
    expect(await reserve()).toEqual(reserved);
    expect(await shown(billId)).toMatchObject({
      lateFeeCharged: fen(704),
      outstanding: fen(141_654),
      reserved: fen(141_654),
    });
    await steps.allocate({ ...payment, commandId: randomUUID() }, fen(141_654));
    expect(await steps.reserve({ ...payment, commandId: randomUUID() }, { amount: undefined, asOf })).toEqual(
      reserved,
    );
    expect(await shown(billId)).toMatchObject({ status: 'PAID', paid: fen(141_654), outstanding: fen(0) });
    const refundId = asId<'refund'>(randomUUID());
    await steps.refund({ ...payment, refundId, commandId: randomUUID() }, fen(1_654));
    await steps.refund({ ...payment, refundId, commandId: randomUUID() }, fen(1_654));
    expect(await shown(billId)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: fen(1_654) });
    await expect(
      steps.refund({ ...payment, refundId: asId(randomUUID()), commandId: randomUUID() }, fen(141_654)),
    ).rejects.toThrow('NOT_ALLOCATED');
    await steps.reverse({ ...payment, refundId: asId(randomUUID()), commandId: randomUUID() }, 'dishonour');
    expect(await shown(billId)).toMatchObject({
      status: 'PARTIALLY_PAID',
      paid: fen(1_654),
      outstanding: fen(140_000),
    });
    const timeline = (await world.query(new BillTimeline(bursar(), billId)))!;
    expect(timeline.map(({ messageKey }) => messageKey)).toEqual([
      'bill.issued',
      'bill.lateFeeCharged',
      'bill.reserved',
      'bill.paymentAllocated.lateFee',
      'bill.refunded',
      'bill.allocationReversed.dishonour',
    ]);
  });

  it('is changed by notes, once per key', async () => {
    const billId = await bill();
    const adjust = (idempotencyKey: string, change: object = {}, request = bursar()) =>
      world.execute(
        new AdjustBill(request, {
          idempotencyKey,
          billId,
          note: 'credit',
          amount: fen(950),
          reason: 'r',
          ...change,
        }),
      );
    const noted = await adjust('n1');
    expect(noted).toMatchObject({
      accepted: true,
      value: { adjusted: fen(-950), outstanding: fen(140_000) },
    });
    expect(await adjust('n1')).toEqual(noted);
    expect(await refused(adjust('n1', { amount: fen(951) }))).toBe('IDEMPOTENCY_CONFLICT');
    expect(await refused(adjust('n2', { amount: fen(140_001) }))).toBe('AMOUNT_EXCEEDS_OUTSTANDING');
    expect(await refused(adjust('n3', { amount: fen(0) }))).toBe('INVALID_AMOUNT');
    expect(await refused(adjust('n4', { feeItemId: asId(randomUUID()) }))).toBe('UNKNOWN_FEE_ITEM');
    expect(await refused(adjust('n5', {}, bursar(OTHER_SCHOOL)))).toBe('BILL_NOT_FOUND');
    expect(await refused(adjust('n6', {}, clerk(SCHOOL)))).toBe('FORBIDDEN');
    expect(await refused(adjust('n7', { billId: asId('nonsense') }))).toBe('BILL_NOT_FOUND');
    expect(await adjust('n8', { note: 'debit', amount: fen(50) })).toMatchObject({
      value: { adjusted: fen(-900) },
    });
    expect(await shown(billId)).toMatchObject({
      adjusted: fen(-900),
      outstanding: fen(140_050),
      status: 'ISSUED',
    });
  });

  describe('and a write-off', () => {
    const ask = (billId: BillId, idempotencyKey: string, request = bursar()) =>
      world.execute(new WriteOffBill(request, { idempotencyKey, billId, reason: 'gone' }));
    const decide = async (approvalId: string, grant: boolean) => {
      const approval = await world.query(new ApprovalById(supervisor, asId(approvalId)));
      const { payloadHash } = approval!;
      const input = { approvalId: asId<'approval'>(approvalId), payloadHash, grant, comment: '' };
      expect(await world.execute(new DecideApproval(supervisor, input))).toMatchObject({ accepted: true });
      return approval!;
    };

    it('gives up what is outstanding once a second person grants it', async () => {
      const billId = await bill();
      expect(await refused(ask(billId, 'w1', clerk(SCHOOL)))).toBe('FORBIDDEN');
      expect(await refused(ask(billId, 'w1', bursar(OTHER_SCHOOL)))).toBe('BILL_NOT_FOUND');
      const asked = await ask(billId, 'w1');
      if (!asked.accepted) throw new Error(asked.rejection.code);
      expect(asked.value).toMatchObject({ amount: fen(140_950), bill: { status: 'ISSUED' } });
      expect(await ask(billId, 'w1')).toEqual(asked);
      expect(await refused(ask(billId, 'w2'))).toBe('WRITE_OFF_PENDING');
      const approval = await decide(asked.value.approvalId, true);
      expect(approval.payload).toEqual({
        billId,
        billNumber: asked.value.bill.number,
        amount: '1409.50',
        currency: 'CNY',
        reason: 'gone',
      });
      expect(await shown(billId)).toMatchObject({ status: 'WRITTEN_OFF', outstanding: fen(0) });
      const late = await steps.reserve(step(billId), { amount: undefined, asOf: today });
      expect(late).toMatchObject({ rejection: { code: 'BILL_WRITTEN_OFF' } });
      expect(await refused(ask(billId, 'w3'))).toBe('BILL_WRITTEN_OFF');
    });

    it('does nothing when it is declined, or when a payment is under way', async () => {
      const declined = await bill({ dueDate: today });
      const first = await ask(declined, 'w4');
      if (!first.accepted) throw new Error(first.rejection.code);
      await decide(first.value.approvalId, false);
      expect(await shown(declined)).toMatchObject({ status: 'ISSUED', outstanding: fen(140_950) });
      const again = await ask(declined, 'w5');
      if (!again.accepted) throw new Error(again.rejection.code);
      const payment = step(declined);
      await steps.reserve(payment, { amount: undefined, asOf: today });
      await decide(again.value.approvalId, true);
      const timeline = (await world.query(new BillTimeline(bursar(), declined)))!;
      expect(timeline.map(({ messageKey }) => messageKey)).toEqual([
        'bill.issued',
        'bill.writeOffRequested',
        'bill.writeOffRefused.declined',
        'bill.writeOffRequested',
        'bill.reserved',
        'bill.writeOffRefused.billChanged',
      ]);
      await steps.allocate({ ...payment, commandId: randomUUID() }, fen(140_950));
      expect(await shown(declined)).toMatchObject({ status: 'PAID' });
    });
  });

  it('ends on the last day, by the sweep, unless a payment is under way', async () => {
    await setTerms({ ...TERMS, expiresAfterDays: 5 });
    const open = await bill({ dueDate: addDays(today, -6) });
    const held = await bill({ dueDate: addDays(today, -6) });
    const early = await bill({ dueDate: addDays(today, -5) });
    const payment = step(held);
    await steps.reserve(payment, { amount: undefined, asOf: addDays(today, -1) });
    const sweep = new BillExpiry(new ViewedLapsingBills(world.views), world.store, world.runtime);
    await world.consumers.caughtUp();
    await sweep.sweep();
    await sweep.sweep();
    const statuses = await Promise.all([open, held, early].map(async (id) => (await shown(id)).status));
    expect(statuses).toEqual(['EXPIRED', 'ISSUED', 'ISSUED']);
    const found = await world.query(new BillsOf(bursar(), SCHOOL, { statuses: ['EXPIRED'] }, { first: 10 }));
    expect(found.items.map(({ item }) => item.id)).toEqual([open]);
    await steps.release({ ...payment, commandId: randomUUID() });
    await world.consumers.caughtUp();
    await sweep.sweep();
    expect((await shown(held)).status).toBe('EXPIRED');
    expect(await world.query(new BillPriceOn(bursar(), held))).toMatchObject({
      due: fen(0),
      status: 'EXPIRED',
    });
  });

  it('adds up over all bills', async () => {
    const totals = await world.query(new BillTotalsOf(bursar(), SCHOOL, {}));
    expect(totals).toMatchObject({ adjusted: fen(-900), refunded: fen(1_654), rebate: fen(0) });
    await world.consumers.rebuild('bills');
    expect(await world.query(new BillTotalsOf(bursar(), SCHOOL, {}))).toEqual(totals);
  });
});
