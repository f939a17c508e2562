import { settled } from '../../person.js';
import { byWallet, openWallet, paid } from '../acts.js';
import { approve } from '../approving.js';
import { nextDayOfMonth, dayFromToday } from '../days.js';
import { holds } from '../holds.js';
import { STUDENT_NAME } from '../school.js';
import type { Story } from '../story.js';

interface Mandate {
  readonly __typename: string;
  readonly id: string;
}

interface Case {
  readonly __typename: string;
  readonly id: string;
  readonly status: string;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly history: readonly { readonly type: string; readonly actor: string }[];
}

const ON_MANDATE = '... on Mandate { id status dayOfMonth nextRunOn payerNumber runs { due } }';
const CASE =
  '__typename id kind status priority owner overdue text openedAt dueAt history { type actor text }';
const ON_CASE = `... on Case { ${CASE} }`;
const DAY_MS = 86_400_000;
/** Of a complaint. */
const SERVICE_LEVEL_DAYS = 3;

export async function agreements(story: Story): Promise<void> {
  story.part('Mandates, write-offs and complaints');
  const walletId = await openWallet(story, story.payer, '500.00');
  await mandate(story, walletId);
  await writeOff(story);
  await complaint(story, walletId);
}

async function mandate(story: Story, walletId: string): Promise<void> {
  const { school, payer, payer2, bursar } = story;
  await story.step('a mandate is given and revoked', async () => {
    const bill = await school.one('70.00');
    const pushing = {
      idempotencyKey: story.key(),
      walletId,
      organisationId: school.id,
      single: { amount: '100.00' },
      day: { amount: '100.00' },
    };
    const sub = await payer.act<{ readonly id: string }>('pushSubWallet', pushing, '... on SubWallet { id }');
    const today = Number(dayFromToday(0).slice(8));
    const dayOfMonth = today === 15 ? 16 : 15;
    const giving = {
      idempotencyKey: story.key(),
      walletId,
      subWalletId: sub.id,
      payerNumber: bill.payer.number,
      payerName: STUDENT_NAME,
      dayOfMonth,
    };
    const give = (input: object): Promise<Mandate> => payer.act<Mandate>('giveMandate', input, ON_MANDATE);
    const wrong = await give({ ...giving, idempotencyKey: story.key(), payerName: '学生9999' });
    holds('another name', wrong, { __typename: 'PayerNotFound' });
    const given = await give(giving);
    holds('mandate', given, {
      __typename: 'Mandate',
      status: 'ACTIVE',
      nextRunOn: nextDayOfMonth(dayOfMonth),
      runs: [],
    });
    holds('the same key', await give(giving), { id: given.id });
    const query = 'query M($id: ID!) { mandate(id: $id) { id status payerNumber walletId nextRunOn } }';
    const seen = await settled(
      () => bursar.get(query, { id: given.id }),
      (one) => one !== null,
    );
    holds('seen by the school', seen, { payerNumber: bill.payer.number, walletId: null });
    const revoking = { idempotencyKey: story.key(), mandateId: given.id };
    const notTheirs = await payer2.act('revokeMandate', revoking, ON_MANDATE);
    holds('revoked by another payer', notTheirs, { __typename: 'MandateNotFound' });
    const revoked = await payer.act('revokeMandate', revoking, ON_MANDATE);
    holds('revoked', revoked, { status: 'REVOKED', nextRunOn: null });
    return `next run on ${nextDayOfMonth(dayOfMonth)}; the school sees no wallet; revoked`;
  });
}

async function writeOff(story: Story): Promise<void> {
  const { school, bursar, supervisor } = story;
  await story.step('a write-off with a second person', async () => {
    const { id: billId } = await school.one('35.00');
    const input = { idempotencyKey: story.key(), billId, reason: '无法收回' };
    const asked = await bursar.act<{ readonly approvalId: string }>(
      'writeOffBill',
      input,
      '... on WriteOffRequest { approvalId amount { amount } bill { status } }',
    );
    holds('write-off', asked, {
      __typename: 'WriteOffRequest',
      amount: { amount: '35.00' },
      bill: { status: 'ISSUED' },
    });
    await approve(supervisor, asked.approvalId, 'WRITE_OFF');
    await school.billBecomes(billId, { status: 'WRITTEN_OFF', outstanding: '0.00' });
    return '¥35.00 WRITTEN_OFF once the supervisor has agreed';
  });
}

async function complaint(story: Story, walletId: string): Promise<void> {
  const { school, payer, payer2, supervisor } = story;
  await story.step('a complaint from opening to resolution', async () => {
    const { id: billId } = await school.one('55.00');
    const payment = await paid(story, payer, { billId, amount: '55.00', method: byWallet(walletId) });
    const opening = {
      idempotencyKey: story.key(),
      about: { paymentId: payment.id },
      text: '扣款后仍显示未缴',
    };
    const foreign = await payer2.act('openComplaint', { ...opening, idempotencyKey: story.key() }, ON_CASE);
    holds('about the payment of another', foreign, { __typename: 'PaymentNotFound' });
    const opened = await payer.act<Case>('openComplaint', opening, ON_CASE);
    holds('complaint', opened, { __typename: 'Case', kind: 'COMPLAINT', status: 'OPEN', overdue: false });
    const days = (Date.parse(opened.dueAt) - Date.parse(opened.openedAt)) / DAY_MS;
    holds('days until it is overdue', days, SERVICE_LEVEL_DAYS);
    const act = (who: typeof payer, name: string, more: object): Promise<Case> =>
      who.act<Case>(name, { idempotencyKey: story.key(), caseId: opened.id, ...more }, ON_CASE);
    holds('taken', await act(supervisor, 'assignCase', {}), { owner: 'demo-supervisor' });
    await act(supervisor, 'noteCase', { text: '正在核对' });
    await act(payer, 'noteCase', { text: '请尽快处理' });
    holds('resolved by the payer', await act(payer, 'resolveCase', { text: 'x' }), {
      __typename: 'Forbidden',
    });
    holds('resolved', await act(supervisor, 'resolveCase', { text: '账单已缴清' }), { status: 'RESOLVED' });
    const query = `query C($id: ID!) { case(id: $id) { ${CASE} } }`;
    const seen = await settled(
      () => payer.get<Case>(query, { id: opened.id }),
      ({ status }) => status === 'RESOLVED',
    );
    const history = seen.history.map(({ type, actor }) => `${type} ${actor}`);
    holds('its history', history, [
      'CaseOpened demo-payer',
      'CaseAssigned demo-supervisor',
      'CaseNoted demo-supervisor',
      'CaseNoted demo-payer',
      'CaseResolved demo-supervisor',
    ]);
    return `due ${opened.dueAt}; taken, noted, RESOLVED, with its history`;
  });
}
