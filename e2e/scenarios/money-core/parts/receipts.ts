import { settled } from '../../person.js';
import {
  type Payment,
  type Receipt,
  ON_REFUND,
  type Refund,
  byWallet,
  openWallet,
  paid,
  paymentOf,
  refundBecomes,
  walletBecomes,
  walletOf,
} from '../acts.js';
import { anonymous } from '../anonymous.js';
import { approve } from '../approving.js';
import { NotAsItShouldBe, holds } from '../holds.js';
import { plus } from '../money.js';
import type { Story } from '../story.js';

interface Page {
  readonly nodes: readonly { readonly receipts: readonly Pick<Receipt, 'number'>[] }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const VERIFY =
  'query V($organisationCode: String!, $code: String!) { verifyReceipt(organisationCode: $organisationCode, code: $code) { status number total { amount } payerNumbers } }';

export async function receipts(story: Story): Promise<void> {
  story.part('Receipts');
  const walletId = await openWallet(story, story.payer, '1000.00');
  await onPaper(story, walletId);
  await cancelled(story, walletId);
  await gapless(story);
}

function verified(story: Story, { verificationCode }: Receipt): Promise<unknown> {
  const { code } = story.school;
  return anonymous(story, VERIFY, { organisationCode: code, code: verificationCode });
}

async function onPaper(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('on paper, on a slip, and verified by anybody', async () => {
    const { id: billId } = await school.one('61.00');
    const payment = await paid(story, payer, { billId, amount: '61.00', method: byWallet(walletId) });
    const receipt = payment.receipts[0]!;
    const fetched = async (url: string): Promise<readonly [number, string | null, Buffer]> => {
      const response = await fetch(url);
      return [
        response.status,
        response.headers.get('content-type'),
        Buffer.from(await response.arrayBuffer()),
      ];
    };
    const [status, type, pdf] = await fetched(receipt.pdfUrl);
    holds('PDF', [status, type, pdf.subarray(0, 5).toString()], [200, 'application/pdf', '%PDF-']);
    const [slipStatus, slipType, slip] = await fetched(receipt.slipUrl);
    holds('slip', [slipStatus, slipType], [200, 'image/svg+xml']);
    holds('width of the slip', slip.toString(), /<svg/);
    const [, , text] = await fetched(`${receipt.slipUrl}&format=text`);
    holds('number on the slip', text.toString().includes(receipt.number), true);
    holds('without the signature', (await fetched(`${receipt.pdfUrl}x`))[0], 404);
    holds('verified', await verified(story, receipt), {
      status: 'VALID',
      number: receipt.number,
      total: { amount: '61.00' },
      payerNumbers: [/\*/],
    });
    const forged = { ...receipt, verificationCode: '000000000000' };
    holds('a code that nobody issued', await verified(story, forged), null);
    return `${receipt.number}: PDF, 80 mm slip, VALID without signing in`;
  });
}

async function cancelled(story: Story, walletId: string): Promise<void> {
  const { school, payer, bursar, supervisor } = story;
  await story.step('a middle receipt is cancelled with a second person', async () => {
    const { id: billId } = await school.one('100.00');
    const method = byWallet(walletId);
    const made: Payment[] = [];
    for (const amount of ['30.00', '40.00', '20.00'])
      made.push(await paid(story, payer, { billId, amount, method }));
    await school.billBecomes(billId, { status: 'PARTIALLY_PAID', outstanding: '10.00' });
    const [first, middle, last] = made.map(({ receipts: [receipt] }) => receipt!) as [
      Receipt,
      Receipt,
      Receipt,
    ];
    const { balance } = await walletOf(payer, walletId);
    const asking = { idempotencyKey: story.key(), receiptId: middle.id, reason: '开错' };
    const asked = await bursar.act<Refund>('cancelReceipt', asking, ON_REFUND);
    holds('cancellation', asked, { kind: 'RECEIPT_CANCEL', status: 'REQUESTED', approvalNeeded: true });
    holds('verified meanwhile', await verified(story, middle), { status: 'VALID' });
    await approve(supervisor, asked.approvalId!, 'RECEIPT_CANCEL');
    await refundBecomes(bursar, asked.id, { status: 'RETURNED' });
    await school.billBecomes(billId, { status: 'PARTIALLY_PAID', outstanding: '50.00' });
    const history = await school.timeline(billId);
    holds('the bill’s history tells of it', history.includes('BillAllocationReversed'), true);
    await walletBecomes(payer, walletId, plus(balance.amount, '40.00'));
    const statuses = await settled(
      () => Promise.all(made.map(async ({ id }) => (await paymentOf(payer, id)).receipts[0]!.status)),
      ([, one]) => one === 'CANCELLED',
    );
    holds('receipts of the three payments', statuses, ['ISSUED', 'CANCELLED', 'ISSUED']);
    holds('verified', await verified(story, middle), { status: 'CANCELLED', number: middle.number });
    holds('the others verified', await verified(story, last), { status: 'VALID' });
    const again = { ...asking, idempotencyKey: story.key() };
    const twice = await bursar.act('cancelReceipt', again, ON_REFUND);
    holds('cancelled again', twice, { __typename: 'ReceiptCancelled' });
    await paid(story, payer, { billId, amount: '50.00', method });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return `${first.number}, ${middle.number} CANCELLED, ${last.number}: ¥40.00 back in the wallet, the bill asks for ¥50.00 and is paid`;
  });
}

async function gapless(story: Story): Promise<void> {
  await story.step('numbers without a gap', async () => {
    const numbers = (await issuedSince(story)).toSorted();
    const counted = numbers.map((number) => Number(number.split('-')[1]));
    for (const [index, number] of counted.entries()) {
      const expected = counted[0]! + index;
      if (number !== expected)
        throw new NotAsItShouldBe(`receipt numbers: expected ${expected}, came ${number}`);
    }
    return `${numbers.length} receipts of the run, ${numbers[0]} to ${numbers.at(-1)}`;
  });
}

async function issuedSince({ bursar, school, startedAt }: Story): Promise<string[]> {
  const query = `query P($id: ID!, $filter: PaymentFilter, $after: String) { payments(organisationId: $id, filter: $filter, first: 250, after: $after) { nodes { receipts { number } } pageInfo { hasNextPage endCursor } } }`;
  const numbers: string[] = [];
  for (let after: string | null = null; ;) {
    const page: Page = await bursar.get<Page>(query, { id: school.id, filter: { from: startedAt }, after });
    for (const payment of page.nodes) numbers.push(...payment.receipts.map(({ number }) => number));
    if (!page.pageInfo.hasNextPage) return numbers;
    after = page.pageInfo.endCursor;
  }
}
