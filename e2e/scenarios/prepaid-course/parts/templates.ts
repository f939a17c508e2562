import { holds } from '../../money-core/holds.js';
import { type Money, sumOf } from '../../money-core/money.js';
import type { Person } from '../../person.js';
import type { CourseStory } from '../story.js';
import {
  COURSE_PRICE,
  LESSON_PRICE,
  LESSONS,
  lessonParameters,
  lessonTerms,
  momentOf,
  withLesson,
} from '../terms.js';

interface Published {
  readonly __typename: string;
  readonly code?: string;
  readonly findings?: readonly { readonly code: string; readonly path: string; readonly message: string }[];
}

interface Line {
  readonly what: string;
  readonly dedupeKeys: readonly string[];
  readonly amount: Money | null;
  readonly totals: { readonly held: Money };
}

interface Simulation {
  readonly __typename: string;
  readonly status: string;
  readonly paid: readonly { readonly role: string; readonly amount: Money }[];
  readonly lines: readonly Line[];
}

const SIMULATION = `query S($input: SimulateContractInput!) { simulateContract(input: $input) { __typename
  ... on Rejection { code message } ... on TemplateHasFindings { findings { code path } }
  ... on ContractSimulation { status paid { role amount { amount } }
    lines { what dedupeKeys amount { amount } totals { held { amount } } } } } }`;

function publish(who: Person, terms: object): Promise<Published> {
  return who.act<Published>(
    'publishTemplate',
    { document: typeof terms === 'string' ? terms : JSON.stringify(terms) },
    '... on ReleaseTemplate { templateId version } ... on TemplateHasFindings { findings { code path message } }',
  );
}

/** The terms, before anybody signs anything. */
export async function templates(story: CourseStory): Promise<void> {
  story.part('Templates');
  const [bd, payer] = [story.person('bd'), story.person('payer')];
  const terms = lessonTerms(story.made.templateId);

  await story.step('what cannot be published is refused with every finding', async () => {
    const half = [
      { to: 'school', share: '1/2' },
      { to: 'bureau', share: '1/3' },
    ];
    const twice = { attested: { by: 'terminal', dedupe: '/lessonNo' } };
    const faults = [
      ['INVALID_SHARES', withLesson(terms, { to: half })],
      ['RULE_NEVER_FIRES', withLesson(terms, { when: { all: [twice, twice] } })],
      ['UNKNOWN_PARAMETER', withLesson(terms, { cooling: '$patience' })],
    ] as const;
    const head = story.head();
    for (const [code, faulty] of faults) {
      const refused = await publish(bd, faulty);
      holds('an invalid template', refused, {
        __typename: 'TemplateHasFindings',
        message: /\p{Script=Han}/u,
      });
      const finding = refused.findings?.find((one) => one.code === code);
      holds(`finding ${code}`, finding ?? refused.findings, { code, path: /^\/rules\/0/ });
    }
    holds('head of the log', story.head(), head);
    return `${faults.map(([code]) => code).join(', ')}, each with its place; nothing stored`;
  });

  await story.step('a whole course in advance, from terms that nobody has published', async () => {
    const beginMs = Date.now();
    const given = Array.from({ length: LESSONS }, (_, index) => {
      const lessonNo = String(index + 1);
      const payload = JSON.stringify({
        lessonNo,
        deliveredOn: momentOf(beginMs, 3 * (index + 1)).slice(0, 10),
      });
      const attest = {
        at: momentOf(beginMs, 3 * (index + 1)),
        act: { attest: { ruleId: 'lesson', payload } },
      };
      const confirm = { role: 'payer', ruleId: 'lesson', dedupeKey: lessonNo };
      // Every other one by silence.
      if (index % 2 === 1) return [attest];
      return [attest, { at: momentOf(beginMs, 3 * (index + 1) + 0.5), act: { confirm } }];
    });
    const fund = { at: momentOf(beginMs, 0.5), act: { fund: { amount: COURSE_PRICE } } };
    const simulation = await payer.get<Simulation>(SIMULATION, {
      input: {
        template: { document: JSON.stringify(terms) },
        parameters: lessonParameters(story.terminal, 'P1D'),
        startsAt: momentOf(beginMs, 0),
        acts: [fund, ...given.flat()],
      },
    });
    holds('the preview', simulation, {
      __typename: 'ContractSimulation',
      status: 'COMPLETED',
      paid: [{ role: 'school', amount: { amount: COURSE_PRICE } }],
    });
    const released = simulation.lines.filter(({ what }) => what === 'FundsReleased');
    holds(
      'each lesson',
      released.map(({ amount }) => amount?.amount),
      Array(LESSONS).fill(LESSON_PRICE),
    );
    holds('all of them', sumOf(released.map(({ amount }) => amount!.amount)), COURSE_PRICE);
    holds('at the end', released.at(-1)!.totals.held.amount, '0.00');
    const silent = simulation.lines.filter(({ what }) => what === 'TimerFired').length;
    return `${LESSONS} releases of ¥${LESSON_PRICE}, ${silent} of them by the clock, nothing left`;
  });

  await story.step('published once, by business development', async () => {
    holds('by a payer', await publish(payer, terms), { code: 'FORBIDDEN' });
    const published = { __typename: 'ReleaseTemplate', templateId: terms.id, version: '1.0.0' };
    holds('published', await publish(bd, terms), published);
    holds('again', await publish(bd, terms), published);
    const other = { ...terms, title: { 'zh-CN': '甲', 'en-US': 'a' } };
    holds('other terms under the version', await publish(bd, other), { code: 'TEMPLATE_VERSION_EXISTS' });
    return `${terms.id} 1.0.0; the same again is the same, another text under the version refused`;
  });
}
