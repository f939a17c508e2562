import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { SCHOOL, TENANT } from '#libs/testing/callers.js';
import {
  contractEventsIn,
  contractNode,
  contractPlatform,
  DAY_MS,
  moverFor,
  signedContract,
  tuitionInput,
  yuan,
  type ContractNode,
  type ContractPlatform,
} from '#libs/testing/contracts-world.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';

let platform: ContractPlatform;
let node: ContractNode;
let contractId: ContractId;

beforeEach(async () => {
  platform = contractPlatform();
  node = contractNode(platform);
  contractId = (await signedContract(node, tuitionInput(platform.runtime.clock.now()))).contractId;
});

afterEach(async () => platform[Symbol.asyncDispose]());

const FIRST = '00000000-0000-8000-8000-000000000001';
const SECOND = '00000000-0000-8000-8000-000000000002';

function step(payment: string, name: string) {
  return { ...moverFor(`${payment} ${name}`), contractId, paymentId: asId<'payment'>(payment) };
}

const find = async () => (await node.contracts.find(TENANT, contractId))!;
const types = async () => (await contractEventsIn(platform)).slice(3).map(({ type }) => type);

describe('a reservation', () => {
  it('says what a receipt will say, is there until the deposit and after it, and is made once', async () => {
    const reserved = accepted(await node.funding.reserve(step(FIRST, 'reserve'), yuan(1_200)));
    expect(reserved).toEqual({
      contractId,
      organisationId: SCHOOL,
      reserved: yuan(1_200),
      description: '按课时释放的预付学费 courseOrder-course-1',
    });
    expect(await find()).toMatchObject({ fundable: { max: yuan(0) }, nextDueAt: null });
    for (const name of ['reserve', 'reserve again']) {
      expect(accepted(await node.funding.reserve(step(FIRST, name), yuan(1_200)))).toEqual(reserved);
    }
    const reservation = () => node.funding.reservationOf(contractId, asId<'payment'>(FIRST));
    expect(await reservation()).toEqual(reserved);
    for (const name of ['deposit', 'deposit', 'deposit again']) {
      await node.funding.deposit(step(FIRST, name), yuan(1_200));
    }
    expect(await reservation()).toEqual(reserved);
    expect(await find()).toMatchObject({ held: yuan(1_200), status: 'active' });
    expect(await types()).toEqual(['FundingReserved', 'FundsDeposited', 'ContractActivated']);
  });

  it('keeps the contract from being called off for want of money', async () => {
    accepted(await node.funding.reserve(step(FIRST, 'reserve'), yuan(1_200)));
    await platform.runtime.advance(30 * DAY_MS);
    await node.clock.sweep(0);
    await node.funding.deposit(step(FIRST, 'deposit'), yuan(1_200));
    expect(await find()).toMatchObject({ status: 'active', held: yuan(1_200) });
  });

  it('is not made after it was given up, nor answered from the first time', async () => {
    accepted(await node.funding.reserve(step(FIRST, 'reserve'), yuan(1_200)));
    for (const name of ['release', 'release', 'release again']) await node.funding.release(step(FIRST, name));
    for (const name of ['reserve', 'reserve again']) {
      expect(await node.funding.reserve(step(FIRST, name), yuan(1_200))).toMatchObject({
        accepted: false,
        rejection: { code: 'PAYMENT_ENDED' },
      });
    }
    expect(await node.funding.reservationOf(contractId, asId<'payment'>(FIRST))).toBeUndefined();
    await node.funding.release(step(SECOND, 'release'));
    expect(await node.funding.reserve(step(SECOND, 'reserve'), yuan(1_200))).toMatchObject({
      rejection: { code: 'PAYMENT_ENDED' },
    });
    expect(await types()).toEqual(['FundingReserved', 'FundingReleased', 'FundingReleased']);
  });

  it.each([
    ['EXCEEDS_MAX_FUNDING', yuan(1_201)],
    ['BELOW_MIN_FUNDING', yuan(1_199)],
    ['EXCEEDS_MAX_FUNDING', money('USD/2', 120_000n)],
  ])('is refused with %s', async (code, amount) => {
    expect(await node.funding.reserve(step(FIRST, 'reserve'), amount)).toMatchObject({
      accepted: false,
      rejection: { code },
    });
    expect(await types()).toEqual([]);
  });

  it('is refused before everybody has signed, and once the contract is over', async () => {
    const draft = { ...tuitionInput(platform.runtime.clock.now(), 'draft') };
    accepted(await node.contracts.draft(moverFor('draft'), 'school', draft));
    const unsigned = { ...step(FIRST, 'reserve'), contractId: draft.contractId };
    expect(await node.funding.reserve(unsigned, yuan(1_200))).toMatchObject({
      rejection: { code: 'CONTRACT_NOT_SIGNED' },
    });
    accepted(
      await node.contracts.act(moverFor('off'), 'payer', contractId, {
        kind: 'withdrawDraft',
        reason: 'No.',
      }),
    );
    expect(await node.funding.reserve(step(FIRST, 'reserve'), yuan(1_200))).toMatchObject({
      rejection: { code: 'CONTRACT_CLOSED' },
    });
  });
});

describe('two payments at once', () => {
  it('fund a contract once, in one process or in two', async () => {
    for (const pause of [0, 1, 3]) {
      const now = platform.runtime.clock.now();
      const own = await signedContract(node, tuitionInput(now, `race-${pause}`));
      const wait = async (): Promise<void> => {
        for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
      };
      const other = contractNode(platform, mortalLog(platform.log, undefined, wait).log);
      const outcomes = await Promise.all(
        [FIRST, SECOND].map((payment, index) =>
          (index === 0 ? node : other).funding.reserve(
            { ...step(payment, `race-${pause}`), contractId: own.contractId },
            yuan(1_200),
          ),
        ),
      );
      const codes = outcomes.map((outcome) => (outcome.accepted ? 'RESERVED' : outcome.rejection.code));
      expect(codes.toSorted()).toEqual(['EXCEEDS_MAX_FUNDING', 'RESERVED']);
    }
  });
});

describe('a deposit', () => {
  it('of a payment that is unknown, or of another amount than reserved, is a fault and moves nothing', async () => {
    await expect(node.funding.deposit(step(FIRST, 'other'), yuan(1))).rejects.toThrow('BELOW_MIN_FUNDING');
    accepted(await node.funding.reserve(step(FIRST, 'reserve'), yuan(1_200)));
    await expect(node.funding.deposit(step(FIRST, 'deposit'), yuan(1_199))).rejects.toThrow(
      'IDEMPOTENCY_CONFLICT',
    );
    const dollars = money('USD/2', 120_000n);
    await expect(node.funding.deposit(step(FIRST, 'dollars'), dollars)).rejects.toThrow('nothing to fund');
    expect(await types()).toEqual(['FundingReserved']);
  });
});
