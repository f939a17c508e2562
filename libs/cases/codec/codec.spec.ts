import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { caseDecider, type CaseEvent } from '../domain/case/index.js';
import { caseEvents } from './index.js';

goldenSamples(caseEvents, { fold: (event) => fold(caseDecider, [...before(event), event]) });

const at = '2026-09-01T00:00:00.000Z' as never;

/** What must have happened before a sample of its own. */
function before({ type, data }: CaseEvent): readonly CaseEvent[] {
  if (type === 'CaseOpened') return [];
  const { caseId } = data;
  const content = {
    caseId,
    kind: 'complaint',
    tenant: asId<'tenant'>('demo'),
    subject: 'payment-1',
  } as const;
  const said = { complainant: asId<'subject'>('payer-1'), text: 'x' };
  const opened: CaseEvent = {
    type: 'CaseOpened',
    data: { ...content, ...said, facts: {}, priority: 'normal', openedAt: at, dueAt: at },
  };
  if (type !== 'CaseReopened') return [opened];
  const end = { caseId, requestId: 'r0', by: 'x', ...said, facts: {}, resolvedAt: at };
  return [opened, { type: 'CaseResolved', data: end }];
}

describe('what is said on a case', () => {
  const act = { caseId: asId<'case'>('c'), requestId: 'r', by: 'x', facts: {}, notedAt: at };
  const { encode } = caseEvents.types.CaseNoted;

  it('stands where it is sealed when it is about a payer, and in the open when it is about an exception', () => {
    expect(encode({ ...act, complainant: asId('payer-1'), text: 'secret' })).toMatchObject({
      complainant: 'payer-1',
      statement: 'secret',
      text: null,
    });
    expect(encode({ ...act, complainant: null, text: 'plain' })).toMatchObject({
      complainant: null,
      statement: null,
      text: 'plain',
    });
  });
});
