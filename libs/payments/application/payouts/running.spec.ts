import { describe, expect, it } from '@jest/globals';
import { CNY, money } from '#libs/kernel/money/index.js';
import { CustodyCheck } from '#libs/ledger/contract/index.js';
import { callerOf, requestOf, TENANT } from '#libs/testing/callers.js';
import { DAY_MS, PAYER, signedContract, tuitionInput, yuan } from '#libs/testing/contracts-world.js';
import { custodyViewsWorld } from '#libs/testing/custody-views-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { FundContract, OpenWallet, PaymentById, TopUpWallet, WalletsOf } from '../../contract/index.js';
import { RefundsOf } from '../../contract/refunds.js';

const payer = requestOf(callerOf('payer', PAYER));
const auditor = requestOf(callerOf('auditor', 'auditor-1'));
const fen = (amount: number) => money(CNY, BigInt(amount));

describe('a contract that is paid into and comes to its end, as a program runs it', () => {
  it('has its money in custody in between, and gives it back the way it came', async () => {
    await using given = await custodyViewsWorld();
    const opened = await given.execute(new OpenWallet(payer, { idempotencyKey: 'open-1', label: 'main' }));
    const walletId = accepted(opened).id;
    const topUp = { idempotencyKey: 'top-up-1', walletId, amount: yuan(2_000) };
    accepted(await given.execute(new TopUpWallet(payer, topUp)));
    const { contractId } = await signedContract(given, tuitionInput(given.now()));
    const method = { channel: 'wallet', walletId } as const;
    const input = { idempotencyKey: 'fund-1', contractId, amount: yuan(1_200), method };
    const paid = accepted(await given.execute(new FundContract(payer, input)));

    const shown = await given.query(new PaymentById(payer, paid.id));
    expect(shown).toEqual(paid);
    expect(shown).toMatchObject({
      bills: [],
      funding: { contractId },
      receipts: [{ lines: [{ contractId }] }],
    });
    const whileRunning = { contracts: 1, held: yuan(1_200), posted: yuan(1_200), ledger: yuan(1_200) };
    const sound = { apart: 0, breachCount: 0, breaches: [], fundingClearing: fen(0), payoutClearing: fen(0) };
    expect(await given.query(new CustodyCheck(auditor))).toEqual({ ...whileRunning, ...sound });

    given.pass(61 * DAY_MS);
    await given.tick();
    await given.consumers.caughtUp();
    const [wallet] = await given.query(new WalletsOf(payer));
    expect(wallet).toMatchObject({ available: yuan(2_000), held: fen(0) });
    const refunds = await given.query(new RefundsOf(payer, { paymentId: paid.id }, { first: 10 }));
    expect(refunds.items.map(({ item }) => item)).toMatchObject([
      { kind: 'CONTRACT', status: 'RETURNED', amount: yuan(1_200), approvalNeeded: false },
    ]);
    const atTheEnd = { contracts: 1, held: fen(0), posted: fen(0), ledger: fen(0), ...sound };
    expect(await given.query(new CustodyCheck(auditor))).toEqual(atTheEnd);
    await given.consumers.rebuild('custody');
    expect(await given.query(new CustodyCheck(auditor))).toEqual(atTheEnd);
    expect(await given.contracts.find(TENANT, contractId)).toMatchObject({ status: 'expired' });
  });
});
