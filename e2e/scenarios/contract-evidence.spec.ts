import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#libs/event-log/port/index.js';
import { EVENT_LOG } from '#libs/runtime/port/tokens.js';
import {
  type Contract,
  amount,
  contractOf,
  evidence,
  keys,
  lessonGiven,
  onContract,
  readingTaken,
  signer,
  text,
} from './contract-acts.js';
import { ContractFloor, inDays } from './contract-floor.js';
import { settled } from './shop-floor.js';

let at: ContractFloor;
let course: Contract;
let meter: Contract;

beforeAll(async () => {
  at = await ContractFloor.open();
  course = await at.running('attacked');
  await at.attest(course, lessonGiven(course, 1));
  await at.confirm(course, 1);
  meter = await meterRunning();
  await at.attest(meter, readingTaken(meter, 1, '100'));
  await settled(
    () => contractOf(at.payer, meter.id),
    ({ released }) => released.amount === '53.00',
  );
});
afterAll(() => at.floor.close());

const lastPosition = () => at.floor.part<EventLog>(EVENT_LOG).lastPosition();

/** 53 fen a unit, paid without notice. */
async function meterRunning(): Promise<Contract> {
  const parameters = [
    amount('min', '100.00'),
    amount('max', '500.00'),
    text('tariff', '53/1'),
    text('notice', 'PT0S'),
    text('fundBy', inDays(1)),
    text('endsAt', inDays(90)),
    keys('meterKeys', at.terminal),
  ];
  const parties = at.parties('customer', 'utility', 'regulator');
  const input = { idempotencyKey: 'meter', templateId: 'prepaid-meter-deposit', parameters, parties };
  const contract = await onContract(at.bursar, 'draftContract', input);
  await at.signedByBoth(contract, 'customer');
  await at.fund(contract, '100.00');
  return contract;
}

describe('evidence that is none', () => {
  const signed = (statement: ReturnType<typeof lessonGiven>, contract = course) =>
    evidence(contract, statement, at.terminal);
  const attacks: readonly (readonly [string, () => object, string])[] = [
    ['unsigned', () => evidence(course, lessonGiven(course, 2)), 'NOT_ENOUGH_SIGNATURES'],
    ['signed by somebody else', () => evidence(course, lessonGiven(course, 2), signer()), 'BAD_SIGNATURE'],
    [
      'signed over another lesson',
      () => ({ ...signed(lessonGiven(course, 2)), statement: JSON.stringify(lessonGiven(course, 3)) }),
      'BAD_SIGNATURE',
    ],
    [
      'signed by a party’s key that is no attestor’s',
      () => evidence(course, lessonGiven(course, 2), at.payersKey),
      'BAD_SIGNATURE',
    ],
    [
      'another lesson under the same number',
      () => signed(lessonGiven(course, 1, new Date(Date.now() + 1))),
      'EVIDENCE_CONFLICT',
    ],
    [
      'future-dated',
      () => signed(lessonGiven(course, 2, new Date(Date.now() + 3_600_000))),
      'EVIDENCE_FROM_THE_FUTURE',
    ],
    ['from before the contract', () => signed(lessonGiven(course, 2, new Date(0))), 'EVIDENCE_TOO_OLD'],
    [
      'oversize',
      () => signed({ ...lessonGiven(course, 2), payload: { lessonNo: 'x'.repeat(40_000) } }),
      'EVIDENCE_TOO_LARGE',
    ],
    ['of another contract', () => signed(lessonGiven(meter, 2)), 'INVALID_EVIDENCE'],
    ['that is no JSON', () => ({ ...signed(lessonGiven(course, 2)), statement: 'x' }), 'INVALID_EVIDENCE'],
    [
      'a reading that goes back',
      () => signed(readingTaken(meter, 2, '99.5'), meter),
      'EVIDENCE_OUT_OF_ORDER',
    ],
  ];

  it.each(attacks)(
    '%s is refused with its reason, and the log stays as it is',
    async (_name, attack, code) => {
      const before = await lastPosition();
      const refused = await onContract(at.bursar, 'attestContract', attack());
      expect(refused.code).toBe(code);
      expect(refused.message).toMatch(/[\u4e00-\u9fff]/);
      expect(await lastPosition()).toBe(before);
    },
  );

  it('replayed is told so, by whoever hands it in', async () => {
    const handed = signed(lessonGiven(course, 4));
    expect(await onContract(at.bursar, 'attestContract', handed)).toMatchObject({
      __typename: 'ReleaseContract',
    });
    const before = await lastPosition();
    for (const person of [at.bursar, at.payer, at.bureau]) {
      expect((await onContract(person, 'attestContract', handed)).code).toBe('DUPLICATE');
    }
    expect((await onContract(at.outsider, 'attestContract', handed)).code).toBe('CONTRACT_NOT_FOUND');
    expect(await lastPosition()).toBe(before);
  });
});
