import { settled } from '../../person.js';
import {
  type Payment,
  byOperator,
  byWallet,
  openWallet,
  paid,
  pay,
  paymentBecomes,
  paymentOf,
} from '../acts.js';
import { operationIdOf } from '../bank-window.js';
import { dayFromToday } from '../days.js';
import { NotAsItShouldBe, holds } from '../holds.js';
import { type Money, fen, minus, yuan } from '../money.js';
import type { Bill } from '../school.js';
import type { Story } from '../story.js';

interface Asked {
  readonly bill: Bill;
  readonly amount: string;
  readonly payment: Payment;
}

interface Case {
  readonly kind: string;
  readonly status: string;
  readonly paymentId: string | null;
}

/** What the last digits make the sandbox bank do. */
const AMOUNTS = {
  plain: '101.00',
  declined: '101.01',
  silent: '101.02',
  late: '101.03',
  duplicate: '101.04',
  lateSuccess: '101.05',
  lost: '101.06',
  lateSuccessOfPaid: '102.05',
} as const;
type What = keyof typeof AMOUNTS;

/** An operating institution, with everything that can go wrong between two institutions. */
export async function operator(story: Story): Promise<void> {
  story.part('Channels: operating institution');
  const asked = {} as Record<What, Asked>;
  await story.step('payments asked for at once, one for each thing that can happen', async () => {
    const whats = Object.keys(AMOUNTS) as What[];
    const bills = await story.school.issue(whats.map((what) => ({ amount: AMOUNTS[what] })));
    const wallet = await openWallet(story, story.payer2, AMOUNTS.lateSuccessOfPaid);
    await Promise.all(
      whats.map(async (what, index) => {
        const [bill, amount] = [bills[index]!, AMOUNTS[what]];
        const paying = { bills: [{ billId: bill.id }], total: amount, method: byOperator() };
        asked[what] = { bill, amount, payment: await pay(story, story.payer, paying) };
        // Paid otherwise before the money comes all the same.
        if (what !== 'lateSuccessOfPaid') return;
        await paid(story, story.payer2, { billId: bill.id, amount, method: byWallet(wallet) });
      }),
    );
    return whats.map((what) => `.${AMOUNTS[what].slice(-2)} ${stateOf(asked[what].payment)}`).join(', ');
  });
  await succeeds(story, asked);
  await declined(story, asked.declined);
  await lateSuccess(story, asked);
  await statements(story, asked);
}

const stateOf = ({ status, code }: Payment): string => status ?? code ?? '';

async function captured(story: Story, { payment, bill, amount }: Asked): Promise<void> {
  await paymentBecomes(story.payer, payment.id, 'CAPTURED');
  // The receipt is numbered after the money has moved.
  const ask = () => paymentOf(story.payer, payment.id);
  const found = await settled(ask, ({ receipts }) => receipts.length > 0).catch(ask);
  holds('payment', found, { total: { amount }, reference: /^SB/, receipts: [{ total: { amount } }] });
  await story.school.billBecomes(bill.id, { status: 'PAID', outstanding: '0.00' });
  const effect = await story.bank.effectOf('payment', payment.id);
  holds('at the bank', effect, {
    kind: 'collect',
    moved: 1,
    returned: 0,
    amount: { amount: `${fen(amount)}` },
  });
}

async function succeeds(story: Story, asked: Record<What, Asked>): Promise<void> {
  const steps: readonly (readonly [What, string, RegExp])[] = [
    ['plain', 'success', /^CAPTURED$/],
    ['silent', '.02, no answer and captured all the same', /^(UNKNOWN|CAPTURED)$/],
    ['late', '.03, its notice comes late', /^(AUTHORISING|CAPTURED)$/],
    ['duplicate', '.04, its notice comes three times', /^CAPTURED$/],
    ['lost', '.06, lost on the way and asked again', /^(UNKNOWN|CAPTURED)$/],
  ];
  for (const [what, title, first] of steps) {
    await story.step(title, async () => {
      holds('first answer', stateOf(asked[what].payment), first);
      await captured(story, asked[what]);
      return `${stateOf(asked[what].payment)}, then CAPTURED, one receipt, one effect at the bank`;
    });
  }
}

async function declined(story: Story, { payment, bill, amount }: Asked): Promise<void> {
  await story.step('.01, declined', async () => {
    holds('answer', payment, { __typename: 'ChannelDeclined', code: 'CHANNEL_DECLINED' });
    await story.school.billBecomes(bill.id, { status: 'ISSUED', outstanding: amount });
    const failed = await failedOf(story, amount);
    const effect = await story.bank.effectOf('payment', failed.id);
    holds('at the bank', effect, { moved: 0 });
    return 'the bill asks as before, no receipt, nothing moved at the bank';
  });
}

async function lateSuccess(story: Story, asked: Record<What, Asked>): Promise<void> {
  await story.step('.05, success after it was declined: used for the same bill', async () => {
    const { bill, amount, payment } = asked.lateSuccess;
    holds('first answer', payment, { __typename: 'ChannelDeclined' });
    const settledBill = await story.school.billBecomes(bill.id, { status: 'PAID', outstanding: '0.00' });
    const by = settledBill.payments.find(({ status }) => status === 'CAPTURED');
    holds('what paid it', by, { channel: 'SUSPENSE' });
    const receipts = [{ total: { amount }, status: 'ISSUED' }];
    holds('as the payer sees it', await paymentOf(story.payer, by!.id), { total: { amount }, receipts });
    const failed = await failedOf(story, amount);
    await caseOf(story, failed.id);
    const effect = await story.bank.effectOf('payment', failed.id);
    holds('at the bank', effect, { moved: 1, amount: { amount: `${fen(amount)}` } });
    return 'a case opened and resolved, the bill PAID out of suspense';
  });

  await story.step('.05, when the bill was paid meanwhile: given back', async () => {
    const { bill, amount } = asked.lateSuccessOfPaid;
    const failed = await failedOf(story, amount);
    await caseOf(story, failed.id);
    const back = await settled(
      () => story.bank.effectOf('return', failed.id),
      (effect) => effect !== undefined,
    );
    holds('at the bank', back, { kind: 'refund', moved: 1, amount: { amount: `${fen(amount)}` } });
    const paidOnce = (await story.school.bill(bill.id)).paid.amount;
    holds('paid on the bill', paidOnce, amount);
    return `a case opened and resolved, ¥${amount} went back once`;
  });
}

interface SeenPayment {
  readonly id: string;
  readonly total: Money;
}

/** What failed has paid no bill: the school finds it by the amount, of which the run has one. */
async function failedOf(story: Story, amount: string): Promise<SeenPayment> {
  const filter = { channels: ['OPERATOR'], statuses: ['FAILED'], from: story.startedAt };
  const ask = async () => {
    const { nodes } = await story.bursar.get<{ readonly nodes: readonly SeenPayment[] }>(
      'query P($id: ID!, $filter: PaymentFilter) { payments(organisationId: $id, filter: $filter, first: 250) { nodes { id status total { amount } failure { code } receipts { id } } } }',
      { id: story.school.id, filter },
    );
    return nodes.find(({ total }) => total.amount === amount);
  };
  const found = await settled(ask, (one) => one !== undefined).catch(ask);
  const failure = { code: 'CHANNEL_DECLINED' };
  holds('the failed payment as the school sees it', found, { status: 'FAILED', receipts: [], failure });
  return found!;
}

/** @throws Error unless a case about the payment is there and comes to its end by itself */
async function caseOf(story: Story, paymentId: string): Promise<void> {
  const ask = async () => {
    const { nodes } = await story.ops.get<{ readonly nodes: readonly Case[] }>(
      'query C($filter: CaseFilter) { cases(filter: $filter, first: 250) { nodes { kind status paymentId } } }',
      { filter: { kinds: ['LATE_SUCCESS'] } },
    );
    return nodes.find((one) => one.paymentId === paymentId);
  };
  const found = await settled(ask, (one) => one?.status === 'RESOLVED').catch(ask);
  holds('case', found, { kind: 'LATE_SUCCESS', status: 'RESOLVED' });
}

async function statements(story: Story, asked: Record<What, Asked>): Promise<void> {
  await story.step('the bank’s statements hold the day’s lines', async () => {
    const moved = [asked.plain, asked.silent, asked.late, asked.duplicate, asked.lost];
    const counts: string[] = [];
    for (const format of ['camt.053', 'camt.054'] as const) {
      const xml = await story.bank.statement(dayFromToday(0), format);
      const [version, root, part] = {
        'camt.053': ['camt.053.001.08', 'BkToCstmrStmt', 'Stmt'],
        'camt.054': ['camt.054.001.08', 'BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
      }[format] as [string, string, string];
      holds(`namespace of ${format}`, xml.includes(`urn:iso:std:iso:20022:tech:xsd:${version}`), true);
      holds(
        `shape of ${format}`,
        xml,
        new RegExp(`<${root}>[\\s\\S]*<GrpHdr>[\\s\\S]*<${part}>[\\s\\S]*</${root}>`),
      );
      const entries = entriesOf(xml);
      for (const { payment, amount } of moved) {
        const id = operationIdOf('payment', payment.id);
        const lines = entries.filter((entry) => entry.includes(id));
        holds(`lines of ${id} in ${format}`, lines.length, 1);
        holds(
          'its line',
          lines[0],
          new RegExp(`<Amt Ccy="CNY">${amount}</Amt>[\\s\\S]*<CdtDbtInd>CRDT</CdtDbtInd>`),
        );
        holds('its end-to-end id', lines[0]?.includes(id.slice('payment-'.length).replaceAll('-', '')), true);
      }
      if (format === 'camt.053') holds('closing balance', closing(xml), yuan(balanceOf(xml)));
      counts.push(`${format} ${entries.length} lines`);
    }
    return `${counts.join(', ')}; each payment of the run once, opening + lines = closing`;
  });
}

const entriesOf = (xml: string): readonly string[] => xml.match(/<Ntry>[\s\S]*?<\/Ntry>/g) ?? [];

function balanceOfType(xml: string, type: string): string {
  const balance = (xml.match(/<Bal>[\s\S]*?<\/Bal>/g) ?? []).find((one) => one.includes(`<Cd>${type}</Cd>`));
  const amount = balance && /<Amt Ccy="CNY">([\d.]+)<\/Amt>/.exec(balance)?.[1];
  if (!balance || amount === undefined) throw new NotAsItShouldBe(`balance ${type}: expected one, came none`);
  return balance.includes('<CdtDbtInd>DBIT</CdtDbtInd>') ? minus('0.00', amount) : amount;
}

const closing = (xml: string): string => balanceOfType(xml, 'CLBD');

function balanceOf(xml: string): bigint {
  return entriesOf(xml).reduce(
    (sum, entry) => {
      const amount = fen(/<Amt Ccy="CNY">([\d.]+)<\/Amt>/.exec(entry)?.[1] ?? '');
      return entry.includes('<CdtDbtInd>CRDT</CdtDbtInd>') ? sum + amount : sum - amount;
    },
    fen(balanceOfType(xml, 'OPBD')),
  );
}
