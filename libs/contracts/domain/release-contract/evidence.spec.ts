import { describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import {
  approve,
  ask,
  attest,
  confirm,
  CONTRACT,
  day,
  history,
  hour,
  inForce,
  refusal,
  rule,
  START,
  stateAfter,
  withLesson,
  withRules,
  type Agreed,
  type Lesson,
} from '#libs/testing/contract-fixture.js';
import { bookOf, type ContractEvent } from './index.js';

const refused = (lesson: Lesson & { readonly unit?: string }, agreed: Agreed = {}) =>
  refusal(...inForce(agreed), attest(lesson.unit ?? '1', hour(1), lesson))?.code;

const twoOf = (k: number): Agreed => ({
  template: withLesson(
    {},
    { attestors: { terminal: { keys: '$keys', k, schema: 'lesson.v1', heldBy: ['school'] } } },
  ),
});

const typesOf = (events: readonly ContractEvent[], from: number) =>
  events.slice(from).map(({ type }) => type);

describe('evidence', () => {
  it.each<readonly [string, Lesson & { unit?: string }, string]>([
    ['another rule', { rule: 'lunch' }, 'RULE_NOT_FOUND'],
    ['a rule without evidence', { rule: 'withdraw' }, 'RULE_NOT_APPLICABLE'],
    ['another schema', { schema: 'reading.v1' }, 'EVIDENCE_NOT_FOR_RULE'],
    ['a unit that the payload does not name', { payload: { lessonNo: '2' } }, 'EVIDENCE_NOT_FOR_RULE'],
    ['no unit at all', { payload: {} }, 'EVIDENCE_NOT_FOR_RULE'],
    ['an empty unit', { unit: '', payload: { lessonNo: '' } }, 'EVIDENCE_NOT_FOR_RULE'],
    ['a unit behind an inherited name', { unit: 'x', payload: {} }, 'EVIDENCE_NOT_FOR_RULE'],
    ['no signature', { keys: [] }, 'NOT_ENOUGH_SIGNATURES'],
    ['a stranger’s signature', { keys: ['k9'] }, 'BAD_SIGNATURE'],
    ['a stranger’s signature among good ones', { keys: ['k1', 'k9'] }, 'BAD_SIGNATURE'],
    ['what is not yet', { observedAt: addMs(hour(1), 300_001) }, 'EVIDENCE_FROM_THE_FUTURE'],
    ['what was before the contract', { observedAt: addMs(START, -1) }, 'EVIDENCE_TOO_OLD'],
  ])('about %s is refused', (_, lesson, code) => {
    expect(refused(lesson)).toBe(code);
  });

  it('of another contract is refused', () => {
    const command = attest('1', hour(1));
    if (command.kind !== 'attest') throw new Error('Not evidence.');
    const statement = { ...command.statement, contractId: 'c-2' as typeof CONTRACT };
    expect(refusal(...inForce(), { ...command, statement })?.code).toBe('EVIDENCE_NOT_FOR_RULE');
  });

  it('may be up to five minutes ahead of our clock, and may name its unit by a number', () => {
    expect(refused({ observedAt: addMs(hour(1), 300_000) })).toBeUndefined();
    expect(refused({ observedAt: START })).toBeUndefined();
    expect(refused({ payload: { lessonNo: 1 } })).toBeUndefined();
  });

  it('counts different keys of the attestor, not signatures', () => {
    expect(refused({ keys: ['k1', 'k1'] }, twoOf(2))).toBe('NOT_ENOUGH_SIGNATURES');
    expect(refused({ keys: ['k1', 'k3'] }, twoOf(2))).toBeUndefined();
    expect(refusal(...inForce(twoOf(2)), attest('1', hour(1)))?.details).toEqual({ needed: '2', given: '1' });
  });

  it('for a unit that has some: the very same, or other', () => {
    const given = [...inForce(), attest('1', hour(1))];
    expect(refusal(...given, attest('1', hour(2)))?.code).toBe('DUPLICATE');
    expect(refusal(...given, attest('1', hour(2), { hash: 'other' }))?.code).toBe('EVIDENCE_CONFLICT');
    const paidOut = [...given, confirm('1', hour(1))];
    expect(refusal(...paidOut, attest('1', hour(2)))?.code).toBe('DUPLICATE');
    expect(refusal(...paidOut, attest('1', hour(2), { hash: 'other' }))?.code).toBe('EVIDENCE_CONFLICT');
  });

  it('is for no more units than the rule has', () => {
    const four = ['1', '2', '3', '4'].map((lesson) => attest(lesson, hour(1)));
    expect(refusal(...inForce(), ...four, attest('5', hour(1)))?.code).toBe('EXCEEDS_UNITS');
  });

  it('must be what `where` says', () => {
    const where = { '/outcome': 'passed', '/of/a~1b~0c': true };
    const template = withLesson({ when: { attested: { by: 'terminal', dedupe: '/lessonNo', where } } });
    const payload = (outcome: string, deep: unknown) => ({ lessonNo: '1', outcome, of: { 'a/b~c': deep } });
    expect(refused({ payload: payload('failed', true) }, { template })).toBe('EVIDENCE_NOT_FOR_RULE');
    expect(refused({ payload: payload('passed', 'true') }, { template })).toBe('EVIDENCE_NOT_FOR_RULE');
    expect(refused({ payload: payload('passed', true) }, { template })).toBeUndefined();
  });

  it('refuses the clock going back', () => {
    expect(refusal(...inForce(), attest('1', hour(2)), attest('2', hour(1)))).toEqual({
      code: 'CLOCK_REGRESSION',
      message: 'The clock stands before the last event.',
      details: { last: hour(2) },
    });
  });
});

describe('several attestors of one unit', () => {
  const template = withRules(
    [
      rule({
        id: 'visit',
        when: {
          all: [
            { attested: { by: 'terminal', dedupe: '/lessonNo' } },
            { attested: { by: 'guardian', dedupe: '/visit' } },
          ],
        },
        amount: { evidence: '/fee' },
      }),
    ],
    {
      attestors: {
        terminal: { keys: '$keys', k: 1, schema: 'lesson.v1', heldBy: ['school'] },
        guardian: { keys: '$keys', k: 1, schema: 'visit.v1', heldBy: ['payer'] },
      },
    },
  );
  const teacher = (fee?: string, at = hour(1)) =>
    attest('1', at, { rule: 'visit', payload: { lessonNo: '1', fee }, hash: 'teacher' });
  const guardian = (fee?: string, at = hour(2)) =>
    attest('1', at, { rule: 'visit', schema: 'visit.v1', payload: { visit: '1', fee }, hash: 'guardian' });

  it('earn it together, in whatever order, by a figure that either may bring', () => {
    for (const commands of [
      [teacher('300'), guardian()],
      [guardian('300', hour(1)), teacher(undefined, hour(2))],
      [teacher(undefined), guardian('300')],
      [teacher('300'), guardian('300')],
    ]) {
      const events = history(...inForce({ template }), ...commands);
      expect(typesOf(events, 6)).toEqual(['EvidenceAccepted', 'EvidenceAccepted', 'FundsReleased']);
      expect(events.at(-1)?.data.totals.released).toBe(300n);
    }
  });

  it('must agree, say so once each, and bring a figure', () => {
    const given = [...inForce({ template }), teacher('300')];
    expect(refusal(...given, guardian('301'))?.code).toBe('EVIDENCE_CONFLICT');
    expect(refusal(...given, teacher('300', hour(2)))?.code).toBe('DUPLICATE');
    expect(refusal(...inForce({ template }), teacher(undefined), guardian(undefined))?.code).toBe(
      'EVIDENCE_NOT_FOR_RULE',
    );
  });
});

describe('evidence that needs approval too', () => {
  const milestone = rule({
    id: 'milestone',
    when: {
      all: [
        { attested: { by: 'terminal', dedupe: '/lessonNo' } },
        { approved: { k: 2, of: ['payer', 'school', 'bureau'] } },
      ],
    },
    amount: { fixed: '400' },
  });
  const template = withRules([milestone]);
  const seen = (no: string, at = hour(1)) => attest(no, at, { rule: 'milestone' });
  const given = [...inForce({ template }), seen('a')];

  it('is earned with the last approval; each unit is approved by itself', () => {
    const events = history(
      ...given,
      approve('payer', 'milestone', hour(2), 'a'),
      approve('bureau', 'milestone', hour(3), 'a'),
    );
    expect(events.slice(6).map(({ type, data }) => [type, data.totals.released])).toEqual([
      ['EvidenceAccepted', 0n],
      ['ApprovalRecorded', 0n],
      ['ApprovalRecorded', 0n],
      ['EntitlementAccrued', 0n],
      ['FundsReleased', 400n],
    ]);
    expect(events[6]).toMatchObject({
      data: { payableAt: null, entitlementBefore: 0n, entitlementAfter: 0n },
    });
    expect(events[9]).toMatchObject({
      data: { ruleId: 'milestone', dedupeKey: 'a', before: 0n, after: 400n },
    });
    expect(
      stateAfter(...given, approve('payer', 'milestone', hour(2), 'a'), seen('b', hour(3))).open,
    ).toMatchObject({ size: 2 });
  });

  it('is approved by roles that may, once, after the evidence, until it is earned', () => {
    const refusedWith = (
      command: ReturnType<typeof approve>,
      ...more: readonly ReturnType<typeof approve>[]
    ) => refusal(...given, ...more, command)?.code;
    expect(refusedWith(approve('payer/somebody', 'milestone', hour(2), 'a'))).toBe('NOT_AUTHORISED');
    expect(refusedWith(approve('auditor', 'milestone', hour(2), 'a'))).toBe('NOT_AUTHORISED');
    expect(refusedWith(approve('payer', 'milestone', hour(2), 'b'))).toBe('UNIT_NOT_FOUND');
    expect(refusedWith(approve('payer', 'milestone', hour(2)))).toBe('UNIT_NOT_FOUND');
    expect(refusedWith(approve('payer', 'lunch', hour(2), 'a'))).toBe('RULE_NOT_FOUND');
    const first = approve('payer', 'milestone', hour(2), 'a');
    expect(refusedWith(first, first)).toBe('ALREADY_VOTED');
    const both = [first, approve('bureau', 'milestone', hour(2), 'a')];
    expect(refusedWith(approve('school', 'milestone', hour(2), 'a'), ...both)).toBe('NOTHING_TO_PAY');
    expect(refusal(...inForce(), approve('payer', 'lesson', hour(2), '1'))?.code).toBe('RULE_NOT_APPLICABLE');
  });

  it('counts the last word of each role', () => {
    const reject = ask('payer', hour(2), {
      kind: 'approve',
      ruleId: 'milestone',
      dedupeKey: 'a',
      decision: 'reject',
    });
    const undecided = [
      ...given,
      approve('payer', 'milestone', hour(2), 'a'),
      reject,
      approve('bureau', 'milestone', hour(2), 'a'),
    ];
    expect(stateAfter(...undecided).released).toBe(0n);
    expect(stateAfter(...undecided, approve('payer', 'milestone', hour(3), 'a')).released).toBe(400n);
  });

  it('is refused the approval that would earn more units than there are', () => {
    const both = (no: string) => [
      approve('payer', 'milestone', hour(3), no),
      approve('bureau', 'milestone', hour(3), no),
    ];
    const commands = [...given, seen('b', hour(2)), ...both('a'), ...both('b')];
    expect(refusal(...commands)?.code).toBe('EXCEEDS_UNITS');
    expect(bookOf(stateAfter(...commands.slice(0, -1)), 'milestone')).toMatchObject({
      accruals: 1,
      entitled: 400n,
    });
  });
});

describe('a confirmation', () => {
  it('is for units in notice, by whom the rule names', () => {
    const given = [...inForce(), attest('1', hour(1))];
    expect(refusal(...given, confirm('2', hour(2)))?.code).toBe('UNIT_NOT_FOUND');
    expect(refusal(...given, confirm('1', hour(2), 'lunch'))?.code).toBe('RULE_NOT_FOUND');
    expect(
      refusal(...given, ask('school', hour(2), { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1' }))?.code,
    ).toBe('NOT_AUTHORISED');
    expect(refusal(...given, confirm('1', hour(2)), confirm('1', hour(3)))?.code).toBe('NOT_COOLING');
    expect(refusal(...given, confirm('1', day(4)))?.code).toBe('NOT_COOLING');
  });

  it('does not reach a unit whose approval is missing', () => {
    const template = withLesson({
      when: { all: [{ attested: { by: 'terminal', dedupe: '/lessonNo' } }, { at: day(20) }] },
    });
    expect(refusal(...inForce({ template }), attest('1', hour(1)), confirm('1', hour(2)))?.code).toBe(
      'NOT_COOLING',
    );
  });
});

describe('before it is in force', () => {
  it('takes no evidence, approval, claim or dispute', () => {
    const [draft, ...signatures] = inForce().slice(0, 3);
    for (const given of [[draft!], [draft!, ...signatures]]) {
      for (const command of [
        attest('1', hour(1)),
        approve('payer', 'withdraw', hour(1)),
        confirm('1', hour(1)),
        ask('payer', hour(1), { kind: 'reveal', ruleId: 'x', preimage: 'x', preimageHash: 'x' }),
        ask('payer', hour(1), { kind: 'draw', ruleId: 'x' }),
        ask('payer', hour(1), { kind: 'dispute', disputeId: 'x', subject: null, reasonCode: 'late' }),
      ]) {
        expect([command.kind, refusal(...given, command)?.code]).toEqual([
          command.kind,
          'CONTRACT_NOT_ACTIVE',
        ]);
      }
    }
    expect(refusal(attest('1', hour(1)))?.code).toBe('CONTRACT_NOT_FOUND');
  });
});
