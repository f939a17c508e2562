import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#libs/event-log/port/index.js';
import { EVENT_LOG } from '#libs/runtime/port/tokens.js';
import { text } from './contract-acts.js';
import { ContractFloor, inDays, publishTemplate, trialLessons } from './contract-floor.js';

let at: ContractFloor;

beforeAll(async () => {
  at = await ContractFloor.open();
});
afterAll(() => at.floor.close());

const lastPosition = () => at.floor.part<EventLog>(EVENT_LOG).lastPosition();

describe('a template', () => {
  it('is published once, and a bd alone does it', async () => {
    const document = await trialLessons(at.bd);
    expect((await publishTemplate(at.bursar, document)).code).toBe('FORBIDDEN');
    expect(await publishTemplate(at.bd, document)).toMatchObject({
      __typename: 'ReleaseTemplate',
      templateId: 'trial-lessons',
      version: '1.0.0',
      title: '按课时释放的预付学费',
    });
    const title = { 'zh-CN': '甲', 'en-US': 'a' };
    const other = await trialLessons(at.bd, (draft) => ({ ...draft, title }));
    expect((await publishTemplate(at.bd, other)).code).toBe('TEMPLATE_VERSION_EXISTS');
    const listed = await at.payer.get<readonly { readonly templateId: string }[]>(
      '{ releaseTemplates { templateId } }',
    );
    expect(listed.map(({ templateId }) => templateId)).toContain('trial-lessons');
    expect(listed.length).toBeGreaterThan(10);
  });

  it('is refused with every finding, and nothing is stored', async () => {
    const before = await lastPosition();
    const codes = async (document: string) =>
      (await publishTemplate(at.bd, document)).findings?.map(({ code }) => code);
    const shares = [
      { to: 'school', share: '1/2' },
      { to: 'bureau', share: '1/3' },
    ];
    const notOne = await trialLessons(at.bd, (draft) => ({
      ...draft,
      version: '1.1.0',
      rules: draft.rules.map((rule) => (rule['id'] === 'lesson' ? { ...rule, to: shares } : rule)),
    }));
    expect(await codes(notOne)).toContain('INVALID_SHARES');
    const twice = { attested: { by: 'terminal', dedupe: '/lessonNo' } };
    const unreachable = await trialLessons(at.bd, (draft) => ({
      ...draft,
      version: '1.1.0',
      rules: draft.rules.map((rule) =>
        rule['id'] === 'lesson' ? { ...rule, when: { all: [twice, twice] } } : rule,
      ),
    }));
    expect(await codes(unreachable)).toContain('RULE_NEVER_FIRES');
    expect(await codes('a: [')).toEqual(['UNREADABLE']);
    expect(await lastPosition()).toBe(before);
  });
});

describe('a preview', () => {
  const lesson = (day: number, lessonNo: string) => ({
    at: inDays(day),
    act: {
      attest: {
        ruleId: 'lesson',
        payload: JSON.stringify({ lessonNo, deliveredOn: inDays(day).slice(0, 10) }),
      },
    },
  });

  it('shows every release before anyone signs, and what would be refused', async () => {
    const simulated = await at.payer.get<{
      readonly lines: readonly {
        readonly what: string;
        readonly refusal: { readonly code: string } | null;
      }[];
    }>(
      `query S($input: SimulateContractInput!) { simulateContract(input: $input) { ... on Rejection { code message }
        ... on ContractSimulation { status endedAt truncated paid { role amount { amount } }
          lines { at act what ruleId dedupeKeys amount { amount } totals { held { amount } } refusal { code message } } } } }`,
      {
        input: {
          template: { published: { templateId: 'trial-lessons' } },
          parameters: at.terms(),
          acts: [
            { at: inDays(0.1), act: { fund: { amount: '240.00' } } },
            lesson(1, '1'),
            lesson(2, '2'),
            lesson(2, '2'),
            { at: inDays(2.5), act: { approve: { role: 'payer', ruleId: 'withdraw' } } },
          ],
        },
      },
    );
    expect(simulated).toMatchObject({
      status: 'COMPLETED',
      truncated: false,
      paid: expect.arrayContaining([
        { role: 'school', amount: { amount: '20.00' } },
        { role: 'payer', amount: { amount: '220.00' } },
      ]),
    });
    const released = simulated.lines.filter(({ what }) => what === 'FundsReleased');
    expect(released).toMatchObject([
      {
        ruleId: 'lesson',
        dedupeKeys: ['1'],
        amount: { amount: '10.00' },
        totals: { held: { amount: '230.00' } },
      },
      {
        ruleId: 'lesson',
        dedupeKeys: ['2'],
        amount: { amount: '10.00' },
        totals: { held: { amount: '220.00' } },
      },
    ]);
    const refused = simulated.lines.filter(({ what }) => what === 'Refused');
    expect(refused.map(({ refusal }) => refusal?.code)).toEqual(['DUPLICATE']);
  });

  it('and a draft say which parameter is wrong, and why, in the words of the template', async () => {
    const parameters = [...at.terms().filter(({ name }) => name !== 'lessons'), text('lessons', '0')];
    const input = {
      idempotencyKey: 'wrong',
      templateId: 'trial-lessons',
      parameters,
      parties: at.parties(),
    };
    const fields = '... on InvalidParameters { parameter fault given allowed text others }';
    const wrong = { parameter: 'lessons', fault: 'TOO_SMALL', given: '0', text: '课时数', others: [] };
    expect(await at.bursar.act('draftContract', input, fields)).toMatchObject(wrong);
    const simulated = await at.payer.get(
      `query S($input: SimulateContractInput!) { simulateContract(input: $input) { ${fields} } }`,
      { input: { template: { published: { templateId: 'trial-lessons' } }, parameters, acts: [] } },
    );
    expect(simulated).toMatchObject(wrong);
  });
});
