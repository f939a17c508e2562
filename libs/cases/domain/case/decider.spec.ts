import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  caseDecider,
  mayRead,
  mayWorkOn,
  MOST_ACTS,
  SERVICE_LEVELS,
  type ActOnCase,
  type CaseCommand,
  type CaseContent,
  type CaseEvent,
  type CaseState,
} from './index.js';

const HOUR_MS = 3_600_000;
const at = parseInstant('2026-09-01T08:00:00.000Z');
const later = addMs(at, HOUR_MS);
const complaint: CaseContent = {
  caseId: asId('c1'),
  kind: 'complaint',
  tenant: asId('demo'),
  organisationId: asId('school-1'),
  subject: 'payment-p1',
  facts: {},
  complainant: asId('payer-1'),
  text: 'paid twice',
  openedAt: at,
};
const exception: CaseContent = {
  caseId: asId('c2'),
  kind: 'contradictoryNotice',
  tenant: asId('demo'),
  subject: 'payment-p1',
  facts: { reference: 'B1' },
  complainant: null,
  text: null,
  openedAt: at,
};
const open = (content: CaseContent): CaseCommand => ({ command: 'open', ...content });
const opened: CaseEvent = {
  type: 'CaseOpened',
  data: { ...complaint, priority: 'normal', dueAt: addMs(at, 72 * HOUR_MS) },
};
const by = { by: 'supervisor-1', at: later };
const assign: ActOnCase = { command: 'assign', requestId: 'q1', owner: 'supervisor-1', ...by };
const note: ActOnCase = { command: 'note', requestId: 'q2', text: 'looking', facts: {}, ...by };
const resolve: ActOnCase = { command: 'resolve', requestId: 'q3', text: 'refunded', facts: {}, ...by };
const reopen: ActOnCase = { command: 'reopen', requestId: 'q4', text: 'not so', ...by };

const done = (requestId: string) => ({ caseId: complaint.caseId, requestId, by: 'supervisor-1' });
const said = (text: string) => ({ complainant: complaint.complainant, text });
const assigned: CaseEvent = {
  type: 'CaseAssigned',
  data: { ...done('q1'), owner: 'supervisor-1', assignedAt: later },
};
const noted: CaseEvent = {
  type: 'CaseNoted',
  data: { ...done('q2'), ...said('looking'), facts: {}, notedAt: later },
};
const resolved: CaseEvent = {
  type: 'CaseResolved',
  data: { ...done('q3'), ...said('refunded'), facts: {}, resolvedAt: later },
};
const reopened: CaseEvent = {
  type: 'CaseReopened',
  data: { ...done('q4'), ...said('not so'), reopenedAt: later, dueAt: addMs(later, 72 * HOUR_MS) },
};
const on = spec(caseDecider);

describe('a case', () => {
  it('is opened once, with priority and due time by its kind', () => {
    on.given([]).when(open(complaint)).then([opened]);
    const urgent = { priority: 'urgent', dueAt: addMs(at, 4 * HOUR_MS) } as const;
    const openedException: CaseEvent = { type: 'CaseOpened', data: { ...exception, ...urgent } };
    on.given([]).when(open(exception)).then([openedException]);
    on.given([opened])
      .when(open({ ...complaint, openedAt: later }))
      .then([]);
    on.given([openedException])
      .when(open({ ...exception, facts: {}, openedAt: later }))
      .then([]);
    const others: readonly Partial<CaseContent>[] = [
      { text: 'x' },
      { subject: 'payment-p2' },
      { tenant: asId('other') },
      { complainant: asId('payer-2') },
      { kind: 'lateSuccess' },
    ];
    for (const change of others) {
      on.given([opened])
        .when(open({ ...complaint, ...change }))
        .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    }
  });

  it('is assigned, noted, resolved and reopened, when its clock starts again', () => {
    on.given([opened]).when(assign).then([assigned]);
    on.given([opened, assigned]).when(note).then([noted]);
    on.given([opened, assigned]).when(resolve).then([resolved]);
    on.given([opened, assigned, resolved])
      .when(reopen)
      .then([reopened])
      .andState({
        ...complaint,
        status: 'open',
        owner: 'supervisor-1',
        dueAt: addMs(later, 72 * HOUR_MS),
        acts: [
          { requestId: 'q1', command: 'assign', content: 'supervisor-1' },
          { requestId: 'q3', command: 'resolve', content: 'refunded' },
          { requestId: 'q4', command: 'reopen', content: 'not so' },
        ],
      });
  });

  it('remembers an assignment to whom it belongs already, so that its late repeat takes it from nobody', () => {
    const again: CaseEvent = { type: 'CaseAssigned', data: { ...assigned.data, requestId: 'q9' } };
    const taken: CaseEvent = {
      type: 'CaseAssigned',
      data: { ...assigned.data, requestId: 'q10', owner: 'supervisor-2' },
    };
    const repeat: ActOnCase = { ...assign, requestId: 'q9' };
    on.given([opened, assigned]).when(repeat).then([again]);
    on.given([opened, assigned, again, taken]).when(repeat).then([]);
    on.given([opened, assigned, again])
      .when({ ...repeat, owner: 'supervisor-2' })
      .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('that is resolved takes nothing but a reopening, and one that is open no reopening', () => {
    for (const act of [assign, note, resolve]) {
      on.given([opened, resolved])
        .when({ ...act, requestId: 'q9' })
        .thenRejected({ code: 'CASE_CLOSED' });
      on.given([]).when(act).thenRejected({ code: 'CASE_NOT_FOUND' });
    }
    on.given([opened]).when(reopen).thenRejected({ code: 'CASE_NOT_RESOLVED' });
  });

  it('takes each act once per key, also when it has moved on since; another act under the key is refused', () => {
    const history = [opened, assigned, noted, resolved, reopened];
    for (const act of [assign, note, resolve, reopen]) on.given(history).when(act).then([]);
    const others: readonly ActOnCase[] = [
      { ...assign, owner: 'supervisor-2' },
      { ...note, text: 'x' },
      { ...note, requestId: 'q3' },
      { ...reopen, requestId: 'q1' },
    ];
    for (const act of others) on.given(history).when(act).thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('knows a repeat also after the words were erased', () => {
    const erased: CaseEvent = { type: 'CaseNoted', data: { ...noted.data, text: null } };
    const erasedOpened: CaseEvent = { type: 'CaseOpened', data: { ...opened.data, text: null } };
    on.given([erasedOpened, erased]).when(note).then([]);
    on.given([erasedOpened]).when(open(complaint)).then([]);
  });

  it('holds only so much, but can always be resolved', () => {
    const notes = Array.from({ length: MOST_ACTS }, (_, index): CaseEvent => ({
      type: 'CaseNoted',
      data: { ...noted.data, requestId: `n${index}` },
    }));
    on.given([opened, ...notes])
      .when(note)
      .thenRejected({ code: 'CASE_FULL' });
    on.given([opened, ...notes])
      .when(resolve)
      .then([resolved]);
  });

  it.each<[string, readonly CaseEvent[]]>([
    ['acts on nothing', [noted]],
    ['two openings', [opened, opened]],
    ['a note after the end', [opened, resolved, noted]],
    ['two ends', [opened, resolved, resolved]],
    ['a reopening of what is open', [opened, reopened]],
  ])('cannot have %s in its history', (_name, history) => {
    on.given(history).thenImpossible();
  });
});

describe('a case under any acts in any order', () => {
  const step = fc.record({
    command: fc.constantFrom('assign', 'note', 'resolve', 'reopen'),
    key: fc.integer({ min: 0, max: 12 }),
    content: fc.constantFrom('a', 'b'),
    passesMs: fc.integer({ min: 0, max: 10 }),
  });

  it('stores one act per key, and is due as long after its last opening as its kind says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(SERVICE_LEVELS) as CaseContent['kind'][])),
        fc.array(step, { maxLength: 40 }),
        (kind, steps) => {
          let state: CaseState = run(open({ ...exception, kind }), caseDecider.initial).state;
          let now: Instant = at;
          let lastOpened: Instant = at;
          const keys = new Set<string>();
          for (const { command, key, content, passesMs } of steps) {
            now = addMs(now, passesMs);
            const common = { requestId: `k${key}`, by: 'x', at: now };
            const act: ActOnCase =
              command === 'assign'
                ? { ...common, command, owner: content }
                : command === 'reopen'
                  ? { ...common, command, text: content }
                  : { ...common, command, text: content, facts: {} };
            const after = run(act, state);
            for (const event of after.events) {
              expect(keys.has(common.requestId)).toBe(false);
              keys.add(common.requestId);
              if (event.type === 'CaseReopened') lastOpened = now;
            }
            state = after.state;
            expect(state).toMatchObject({ dueAt: addMs(lastOpened, SERVICE_LEVELS[kind].dueAfterMs) });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function run(command: CaseCommand, before: CaseState): { state: CaseState; events: readonly CaseEvent[] } {
  const decision = caseDecider.decide(command, before);
  const events = decision.accepted ? decision.events : [];
  return { events, state: events.reduce((state, event) => caseDecider.evolve(state, event), before) };
}

describe('who may', () => {
  const asker = fc.record({
    accountId: fc.constantFrom('payer-1', 'staff-1'),
    organisation: fc.option(fc.constantFrom('school-1', 'school-2'), { nil: undefined }),
    roles: fc.subarray(['payer', 'bursar', 'clerk', 'supervisor', 'ops', 'auditor']),
  });

  it('read is staff with a role for it in its place, and who complained; work on it, such staff but for that person', () => {
    fc.assert(
      fc.property(asker, fc.constantFrom(complaint, exception), (who, of) => {
        const own = of.complainant === who.accountId;
        const inPlace = who.organisation === undefined || who.organisation === of.organisationId;
        const works = who.roles.includes('supervisor') || who.roles.includes('ops');
        expect(mayWorkOn(who, of)).toBe(works && inPlace && !own);
        expect(mayRead(who, of)).toBe(own || (inPlace && (works || who.roles.includes('auditor'))));
      }),
      { numRuns: 200 },
    );
  });
});
