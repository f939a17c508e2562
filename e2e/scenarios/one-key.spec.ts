import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, ShopFloor } from './shop-floor.js';
import {
  billOf,
  byWallet,
  handIn,
  openSchool,
  pay,
  type Payment,
  publish,
  walletWith,
} from './tuition-acts.js';

const CALLS = 1_000;

/** A server at its limit says so and may be asked again: that is what a key is for. */
async function untilAnswered(act: () => Promise<Payment>): Promise<Payment> {
  for (;;) {
    try {
      return await act();
    } catch (fault) {
      if (!String(fault).includes('OVERLOADED')) throw fault;
    }
  }
}

describe('one idempotency key', () => {
  let floor: ShopFloor;
  let bursar: Person;
  let payer: Person;
  let wallet: string;
  beforeAll(async () => {
    floor = await ShopFloor.open();
    bursar = await floor.person('bursar');
    payer = await floor.person('payer');
    await openSchool(await floor.person('bd'), bursar, 'school-2');
    const file =
      'academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n' +
      '2026-2027,1,S1,学生0001,一年级,一班,TUITION,120.00,2099-09-30\n';
    await publish(bursar, await handIn(bursar, new TextEncoder().encode(file), 'one-key.csv'));
    wallet = await walletWith(payer, '5000.00');
  });
  afterAll(() => floor.close());

  it(`makes one payment of ${CALLS} calls at once over HTTP, and is refused for another amount`, async () => {
    const bill = await billOf(bursar, 'S1');
    const act = { key: 'the-key', bills: [bill.id], total: '120.00', method: byWallet(wallet) };
    const answers = await Promise.all(
      Array.from({ length: CALLS }, () => untilAnswered(() => pay(payer, act))),
    );
    const told = new Set(
      answers.map(({ id, status, receipts }) => JSON.stringify([id, status, receipts[0]?.number])),
    );
    expect([...told]).toEqual([
      JSON.stringify([answers[0]!.id, 'CAPTURED', answers[0]!.receipts[0]!.number]),
    ]);
    expect(await payer.get('{ wallets { balance { amount } held { amount } } }')).toEqual([
      { balance: { amount: '4880.00' }, held: { amount: '0.00' } },
    ]);
    const other = await pay(payer, { ...act, total: '119.99' });
    expect([other.__typename, other.code]).toEqual(['IdempotencyConflict', 'IDEMPOTENCY_CONFLICT']);
    const again = await pay(payer, act);
    expect(again.id).toBe(answers[0]!.id);
  }, 60_000);
});
