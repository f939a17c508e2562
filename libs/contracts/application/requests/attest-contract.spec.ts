import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { NO_CONTRACT, requestsWorld, type RequestsWorld } from '#libs/testing/contract-requests.js';
import { BUREAU, DAY_MS, lesson, PAYER, TERMINAL } from '#libs/testing/contracts-world.js';
import { terminalKey } from '#libs/testing/terminal-key.js';
import type { ContractSummary, EvidenceStatement } from '../../contract/release-contracts.js';
import { AttestContract } from '../../contract/requests.js';

const clerk = requestOf(callerOf('clerk', 'clerk-1', SCHOOL));

let world: RequestsWorld;
let course: ContractSummary;

beforeEach(async () => {
  world = requestsWorld();
  course = await world.active();
  await world.stored();
});
afterEach(async () => world[Symbol.asyncDispose]());

const now = () => world.platform.runtime.clock.now();
const first = () => lesson(course.contractId, 1, now());

type Input = AttestContract['input'];

function attest(change: Partial<Input> = {}, request = clerk, statement: EvidenceStatement = first()) {
  const signatures = [TERMINAL.sign(statement)];
  const input = {
    contractId: course.contractId,
    statement: JSON.stringify(statement),
    signatures,
    ...change,
  };
  return world.attest.execute(new AttestContract(request, input));
}

describe('evidence handed in', () => {
  it('is taken from whoever belongs to a party; the very same once more is told apart from other', async () => {
    expect(await attest()).toMatchObject({ accepted: true, value: { openUnits: [{ status: 'COOLING' }] } });
    expect(await world.stored()).toEqual(['EvidenceAccepted.v1']);
    expect(await attest()).toMatchObject({ rejection: { code: 'DUPLICATE' } });
    const payer = requestOf(callerOf('payer', PAYER));
    expect(await attest({}, payer)).toMatchObject({ rejection: { code: 'DUPLICATE' } });
    const other = { ...first(), payload: { ...first().payload, minutes: '45' } };
    expect(await attest({}, clerk, other)).toMatchObject({ rejection: { code: 'EVIDENCE_CONFLICT' } });
    expect(await world.stored()).toEqual([]);
    const bureau = requestOf(callerOf('clerk', 'c', BUREAU));
    const second = lesson(course.contractId, 2, now());
    expect(await attest({}, bureau, second)).toMatchObject({ accepted: true });
  });

  it('is nobody else’s affair, however well signed', async () => {
    const outsiders = [
      callerOf('payer', 'payer-2'),
      callerOf('bursar', 'b', OTHER_SCHOOL),
      callerOf('ops', 'ops-1'),
      callerOf('auditor', 'a'),
      { ...callerOf('clerk', 'clerk-1', SCHOOL), tenant: NO_CONTRACT as never },
    ];
    for (const caller of outsiders) {
      expect(await attest({}, requestOf(caller))).toMatchObject({
        rejection: { code: 'CONTRACT_NOT_FOUND' },
      });
    }
    expect(await attest({ contractId: NO_CONTRACT })).toMatchObject({
      rejection: { code: 'CONTRACT_NOT_FOUND' },
    });
    expect(await world.stored()).toEqual([]);
  });

  const signed = (statement: EvidenceStatement): Partial<Input> => ({
    statement: JSON.stringify(statement),
    signatures: [TERMINAL.sign(statement)],
  });
  const bad: readonly (readonly [string, () => Partial<Input>, string])[] = [
    ['unsigned', () => ({ signatures: [] }), 'NOT_ENOUGH_SIGNATURES'],
    ['by another key', () => ({ signatures: [terminalKey(2).sign(first())] }), 'BAD_SIGNATURE'],
    [
      'over other words',
      () => ({ signatures: [TERMINAL.sign({ ...first(), dedupeKey: '9' })] }),
      'BAD_SIGNATURE',
    ],
    [
      'with one wrong signature among the right',
      () => ({ signatures: [TERMINAL.sign(first()), terminalKey(2).sign(first())] }),
      'BAD_SIGNATURE',
    ],
    [
      'seventeen signatures',
      () => ({ signatures: Array.from({ length: 17 }, () => TERMINAL.sign(first())) }),
      'INVALID_EVIDENCE',
    ],
    ['of another contract', () => signed({ ...first(), contractId: NO_CONTRACT }), 'INVALID_EVIDENCE'],
    ['for a rule that there is not', () => signed({ ...first(), rule: 'nothing' }), 'RULE_NOT_FOUND'],
    ['for a rule that takes none', () => signed({ ...first(), rule: 'withdraw' }), 'RULE_NOT_APPLICABLE'],
    [
      'for another unit than it speaks of',
      () => signed({ ...first(), dedupeKey: '2' }),
      'EVIDENCE_NOT_FOR_RULE',
    ],
    [
      'from the future',
      () => signed(lesson(course.contractId, 1, addMs(now(), DAY_MS))),
      'EVIDENCE_FROM_THE_FUTURE',
    ],
    ['from before', () => signed(lesson(course.contractId, 1, addMs(now(), -DAY_MS))), 'EVIDENCE_TOO_OLD'],
    [
      'oversize',
      () => ({ statement: JSON.stringify({ ...first(), payload: { text: 'x'.repeat(40_000) } }) }),
      'EVIDENCE_TOO_LARGE',
    ],
    ['no JSON', () => ({ statement: '{' }), 'INVALID_EVIDENCE'],
    [
      'a name twice',
      () => ({ statement: `${JSON.stringify(first()).slice(0, -1)},"rule":"withdraw"}` }),
      'INVALID_EVIDENCE',
    ],
    [
      'with a member more',
      () => ({ statement: JSON.stringify({ ...first(), more: 1 }) }),
      'INVALID_EVIDENCE',
    ],
  ];
  it.each(bad)('is refused %s, and nothing at all is stored', async (_name, change, code) => {
    expect(await attest(change())).toMatchObject({ accepted: false, rejection: { code } });
    expect(await world.stored()).toEqual([]);
  });
});
