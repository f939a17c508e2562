import {
  type Contract,
  type Statement,
  contractOf,
  evidence,
  fundFromWallet,
  lessonGiven,
  onContract,
  readingTaken,
  signer,
  timelineOf,
} from '../../contract-acts.js';
import { pause } from '../../money-core/days.js';
import { holds } from '../../money-core/holds.js';
import { settled } from '../../person.js';
import type { CourseStory } from '../story.js';
import { COURSE_PRICE, inDays, lessonParameters, meterParameters } from '../terms.js';

const HOUR_MS = 3_600_000;
const QUIET_MS = 300;
const OVERSIZE_CHARACTERS = 40_000;

interface Attack {
  readonly what: string;
  readonly code: string;
  act(): object;
}

/** Evidence that is none. */
export async function attacks(story: CourseStory): Promise<void> {
  story.part('Evidence over the wire');
  const [bursar, payer, stranger] = [story.person('bursar'), story.person('payer'), story.person('payer2')];
  let lessons!: Contract;
  let meter!: Contract;

  await story.step(
    'a contract of our own terms, and a meter’s, signed by a key and by an account',
    async () => {
      lessons = await running(story, 'payer', {
        templateId: story.made.templateId,
        parameters: lessonParameters(story.terminal, 'PT1H'),
        sum: COURSE_PRICE,
      });
      meter = await running(story, 'customer', {
        templateId: 'prepaid-meter-deposit',
        parameters: meterParameters(story.terminal),
        sum: '100.00',
      });
      story.made.contracts.set('lessons', lessons).set('meter', meter);
      await attest(story, lessons, lessonGiven(lessons, 1));
      const unit = { idempotencyKey: story.key(), contractId: lessons.id, ruleId: 'lesson', dedupeKey: '1' };
      holds('confirmed', await onContract(payer, 'confirmUnit', unit), { released: { amount: '50.00' } });
      await attest(story, meter, readingTaken(meter, 1, '100'));
      const read = () => contractOf(payer, meter.id);
      const paid = await settled(read, ({ released }) => released.amount === '53.00').catch(read);
      holds('a reading without notice', paid, { released: { amount: '53.00' }, held: { amount: '47.00' } });
      return '¥50.00 for a lesson that was confirmed, ¥53.00 for 100 units at once';
    },
  );

  await story.step('is refused for what is wrong with it, and nothing is stored', async () => {
    const list = attacksOn(story, lessons, meter);
    for (const { what, code, act } of list) {
      const head = await quietHead(story);
      const refused = await onContract(bursar, 'attestContract', act());
      holds(what, refused, { code, message: /\p{Script=Han}/u });
      holds(`head of the log after evidence ${what}`, story.head(), head);
    }
    return [...new Set(list.map(({ code }) => code))].join(', ');
  });

  await story.step('replayed, by anybody', async () => {
    const handed = evidence(lessons, lessonGiven(lessons, 2), story.terminal);
    holds('handed in', await onContract(bursar, 'attestContract', handed), { __typename: 'ReleaseContract' });
    const head = await quietHead(story);
    for (const who of [bursar, payer]) {
      holds('again', await onContract(who, 'attestContract', handed), { code: 'DUPLICATE' });
    }
    holds('by a stranger', await onContract(stranger, 'attestContract', handed), {
      code: 'CONTRACT_NOT_FOUND',
    });
    holds('head of the log', story.head(), head);
    const accepted = (await timelineOf(payer, lessons.id)).filter(({ type }) => type === 'EvidenceAccepted');
    holds('evidence in the contract', accepted.length, 2);
    return 'DUPLICATE for the parties, no contract at all for anybody else';
  });
}

function attacksOn(
  { terminal, payersKey }: CourseStory,
  lessons: Contract,
  meter: Contract,
): readonly Attack[] {
  const signed = (statement: Statement, contract = lessons) => evidence(contract, statement, terminal);
  const second = (at = new Date()) => lessonGiven(lessons, 2, at);
  const oversize = { ...second(), payload: { lessonNo: 'x'.repeat(OVERSIZE_CHARACTERS) } };
  const anotherFirst = lessonGiven(lessons, 1, new Date(Date.now() + 1));
  return [
    { what: 'unsigned', code: 'NOT_ENOUGH_SIGNATURES', act: () => evidence(lessons, second()) },
    { what: 'signed by a stranger', code: 'BAD_SIGNATURE', act: () => evidence(lessons, second(), signer()) },
    { what: 'signed by the payer', code: 'BAD_SIGNATURE', act: () => evidence(lessons, second(), payersKey) },
    {
      what: 'signed over another lesson',
      code: 'BAD_SIGNATURE',
      act: () => ({ ...signed(second()), statement: JSON.stringify(lessonGiven(lessons, 3)) }),
    },
    { what: 'another one for the lesson', code: 'EVIDENCE_CONFLICT', act: () => signed(anotherFirst) },
    {
      what: 'out of order',
      code: 'EVIDENCE_OUT_OF_ORDER',
      act: () => signed(readingTaken(meter, 2, '99.5'), meter),
    },
    {
      what: 'from the future',
      code: 'EVIDENCE_FROM_THE_FUTURE',
      act: () => signed(second(new Date(Date.now() + HOUR_MS))),
    },
    { what: 'from before the contract', code: 'EVIDENCE_TOO_OLD', act: () => signed(second(new Date(0))) },
    { what: 'oversize', code: 'EVIDENCE_TOO_LARGE', act: () => signed(oversize) },
    {
      what: 'of another contract',
      code: 'INVALID_EVIDENCE',
      act: () => signed(readingTaken(meter, 2, '101')),
    },
    {
      what: 'that is no JSON',
      code: 'INVALID_EVIDENCE',
      act: () => ({ ...signed(second()), statement: 'x' }),
    },
  ];
}

/** Whatever goes on in the background has come to rest. */
async function quietHead(story: CourseStory): Promise<string> {
  const at = async () => {
    const before = story.head();
    await pause(QUIET_MS / 6);
    return { before, after: story.head() };
  };
  return (await settled(at, ({ before, after }) => before === after)).after;
}

async function attest(story: CourseStory, contract: Contract, statement: Statement): Promise<void> {
  const handed = evidence(contract, statement, story.terminal);
  const taken = await onContract(story.person('bursar'), 'attestContract', handed);
  holds('evidence', taken, { __typename: 'ReleaseContract' });
}

/** Drafted by the school, signed by the payer with a key of their own and by the school as an account, and paid for. */
async function running(
  story: CourseStory,
  role: 'payer' | 'customer',
  {
    templateId,
    parameters,
    sum,
  }: {
    readonly templateId: string;
    readonly parameters: readonly { readonly name: string }[];
    readonly sum: string;
  },
): Promise<Contract> {
  const [bursar, payer] = [story.person('bursar'), story.person('payer')];
  const [payee, watching] = role === 'payer' ? ['school', 'bureau'] : ['utility', 'regulator'];
  const parties = [
    { role, party: { account: story.account('payer') } },
    { role: payee, party: { organisationId: story.school } },
    { role: watching, party: { organisationId: story.bureau } },
  ];
  const others = parameters.filter(({ name }) => name !== 'endsAt');
  const wrong = [...others, { name: 'endsAt', value: { text: inDays(-1) } }];
  const input = { idempotencyKey: story.key(), templateId, parameters, parties };
  const refused = await onContract(bursar, 'draftContract', { ...input, parameters: wrong });
  holds('parameters that cannot be', refused, { code: 'INVALID_PARAMETERS' });
  const draft = await onContract(bursar, 'draftContract', input);
  holds('a draft', draft, { __typename: 'ReleaseContract', status: 'DRAFTED' });
  const { id, number, documentHash } = draft;
  story.made.contractIds.add(id);
  const signature = story.payersKey.sign({ contractId: number, docHash: documentHash, role });
  const signing = { contractId: id, documentHash };
  const key = { publicKey: story.payersKey.publicKey, signature };
  await onContract(payer, 'signContract', { ...signing, idempotencyKey: story.key(), key });
  const signed = await onContract(bursar, 'signContract', { ...signing, idempotencyKey: story.key() });
  holds('signed by both', signed, { status: 'AWAITING_FUNDING', unsigned: [] });
  const paid = await fundFromWallet(payer, draft, story.wallet('payer'), sum);
  holds('paid for', paid, { status: 'CAPTURED' });
  const active = await contractOf(payer, id);
  holds('the contract', active, { status: 'ACTIVE', held: { amount: sum } });
  return active;
}
