import { decodeMerchantQr, encodeMerchantQr, type MerchantQr } from '#libs/qr/index.js';
import type { Person } from '../../person.js';
import { type Payment, ON_PAYMENT, byWallet, openWallet, paid, walletBecomes, walletOf } from '../acts.js';
import { anonymous } from '../anonymous.js';
import { momentIn, pause } from '../days.js';
import { NotAsItShouldBe, holds } from '../holds.js';
import { minus } from '../money.js';
import type { Story } from '../story.js';

interface Code {
  readonly __typename: string;
  readonly id: string;
  readonly content: string;
  readonly imageUrl: string;
  readonly expiresAt: string;
}

const ON_CODE = '... on MerchantCode { id content imageUrl expiresAt kind status amount { amount } }';
const SHORT_LIFE_MS = 1_500;
const READ = `query R($content: String!) { readMerchantCode(content: $content) { __typename ... on Rejection { code message } ... on QrUnreadable { reason }
  ... on MerchantCodeReading { kind merchantName amount { amount } bills { billId due { amount } } } } }`;
const LINK =
  'query L($code: String!) { paymentLink(code: $code) { status total { amount } bills { payerName payerNumber due { amount } } } }';

export async function codes(story: Story): Promise<void> {
  story.part('QR codes and links');
  const walletId = await openWallet(story, story.payer, '2000.00');
  await dynamic(story, walletId);
  await raced(story, walletId);
  await onTheWall(story, walletId);
  await attacked(story, walletId);
  await shown(story, walletId);
  await link(story, walletId);
}

function issue(story: Story, who: Person, more: object): Promise<Code> {
  return who.act<Code>('issueMerchantCode', { idempotencyKey: story.key(), ...more }, ON_CODE);
}

interface Scan {
  readonly content: string;
  readonly walletId: string;
  readonly total: string;
  readonly bills?: readonly string[];
  readonly key?: string;
}

function scan(story: Story, who: Person, { content, walletId, total, bills, key }: Scan): Promise<Payment> {
  const input = {
    idempotencyKey: key ?? story.key(),
    content,
    ...(bills && { bills: bills.map((billId) => ({ billId })) }),
    expectedTotal: { amount: total },
    method: byWallet(walletId),
  };
  return who.act<Payment>('payMerchantCode', input, ON_PAYMENT);
}

const readCode = (who: Person, content: string): Promise<unknown> => who.get(READ, { content });

async function dynamic(story: Story, walletId: string): Promise<void> {
  const { school, clerk, payer, payer2 } = story;
  await story.step('a dynamic code is paid once', async () => {
    const { id: billId } = await school.one('88.00');
    const { content, imageUrl } = await issue(story, clerk, { asks: { billIds: [billId] } });
    holds('what it asks for', await readCode(payer, content), {
      __typename: 'MerchantCodeReading',
      kind: 'DYNAMIC',
      amount: { amount: '88.00' },
      bills: [{ billId, due: { amount: '88.00' } }],
    });
    const picture = await fetch(imageUrl);
    holds('its picture', [picture.status, picture.headers.get('content-type')], [200, 'image/svg+xml']);
    const scanned = { content, walletId, total: '88.00', key: story.key() };
    const payment = await scan(story, payer, scanned);
    holds('payment', payment, { status: 'CAPTURED', total: { amount: '88.00' } });
    holds('the same scan again', await scan(story, payer, scanned), { id: payment.id });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    const theirs = await openWallet(story, payer2, '100.00');
    const reused = await scan(story, payer2, { content, walletId: theirs, total: '88.00' });
    holds('by another payer afterwards', reused, { __typename: 'QrUsed', code: 'QR_USED' });
    return '¥88.00 by the code; the same code again QR_USED';
  });
}

async function raced(story: Story, walletId: string): Promise<void> {
  const { school, clerk, payer, payer2 } = story;
  await story.step('two payers at one code: one of them pays', async () => {
    const [one, other] = await school.issue([{ amount: '33.00' }, { amount: '33.00' }]);
    const { content } = await issue(story, clerk, { asks: { amount: { amount: '33.00' } } });
    const theirs = await openWallet(story, payer2, '100.00');
    const scans = await Promise.all([
      scan(story, payer, { content, walletId, total: '33.00', bills: [one!.id] }),
      scan(story, payer2, { content, walletId: theirs, total: '33.00', bills: [other!.id] }),
    ]);
    holds('the two answers', scans.map(({ status, code }) => status ?? code).toSorted(), [
      'CAPTURED',
      'QR_USED',
    ]);
    return 'CAPTURED and QR_USED';
  });
}

async function onTheWall(story: Story, walletId: string): Promise<void> {
  const { school, bursar, clerk, payer } = story;
  await story.step('a static code is paid any number of times, until it is withdrawn', async () => {
    const bills = await school.issue([{ amount: '11.00' }, { amount: '12.00' }, { amount: '13.00' }]);
    holds('a static code by the clerk', await issue(story, clerk, {}), { __typename: 'Forbidden' });
    const { id: codeId, content } = await issue(story, bursar, {});
    holds('what it asks for', await readCode(payer, content), { kind: 'STATIC', amount: null, bills: [] });
    for (const { id, outstanding } of bills.slice(0, 2)) {
      const payment = await scan(story, payer, { content, walletId, total: outstanding.amount, bills: [id] });
      holds('payment', payment, { status: 'CAPTURED' });
    }
    const withdrawn = await bursar.act('withdrawMerchantCode', { codeId, reason: '更换' }, ON_CODE);
    holds('withdrawn', withdrawn, { status: 'WITHDRAWN' });
    const late = await scan(story, payer, { content, walletId, total: '13.00', bills: [bills[2]!.id] });
    holds('afterwards', late, { __typename: 'QrWithdrawn' });
    return 'two payments by one code, then QR_WITHDRAWN';
  });
}

/** What somebody prints who knows the format. */
function edited(content: string, change: (qr: MerchantQr) => MerchantQr): string {
  const qr = decodeMerchantQr(content);
  if (!qr.accepted) throw new NotAsItShouldBe(`our own code: ${qr.rejection.code}`);
  return encodeMerchantQr(change(qr.value));
}

async function attacked(story: Story, walletId: string): Promise<void> {
  const { school, clerk, payer } = story;
  await story.step('edited, foreign, cut off, too long, expired: each refused with its reason', async () => {
    const { id: billId } = await school.one('95.00');
    const asks = { billIds: [billId] };
    const { content } = await issue(story, clerk, { asks });
    const short = await issue(story, clerk, { asks, expiresAt: momentIn(SHORT_LIFE_MS) });
    const before = await walletOf(payer, walletId);
    await pause(Date.parse(short.expiresAt) - Date.now() + 1);
    const attacks: readonly (readonly [string, string, object])[] = [
      ['an edited amount', edited(content, (qr) => ({ ...qr, amount: '0.95' })), { code: 'QR_FORGED' }],
      [
        'another merchant',
        edited(content, (qr) => ({ ...qr, merchantName: 'Other' })),
        { code: 'QR_FORGED' },
      ],
      [
        'a wrong check sum',
        content.replace('95.00', '09.50'),
        { code: 'QR_UNREADABLE', reason: 'CRC_WRONG' },
      ],
      ['cut off', content.slice(0, 80), { code: 'QR_UNREADABLE' }],
      ['4 KB', content.padEnd(4_096, 'x'), { code: 'QR_UNREADABLE', reason: 'OVERSIZE' }],
      ['no code at all', 'https://pay.invalid/', { code: 'QR_UNREADABLE', reason: 'NOT_EMV' }],
      ['expired', short.content, { code: 'QR_EXPIRED' }],
    ];
    for (const [name, attack, refusal] of attacks) {
      holds(`${name}, read`, await readCode(payer, attack), refusal);
      const payment = await scan(story, payer, { content: attack, walletId, total: '95.00' });
      holds(`${name}, paid`, payment, { code: (refusal as { readonly code: string }).code });
    }
    await walletBecomes(payer, walletId, before.balance.amount);
    await school.billBecomes(billId, { status: 'ISSUED', outstanding: '95.00' });
    return `${attacks.map(([name]) => name).join(', ')}; wallet and bill untouched`;
  });
}

async function shown(story: Story, walletId: string): Promise<void> {
  const { school, clerk, payer } = story;
  await story.step('a payer’s code, charged by a terminal once', async () => {
    const [bill, other] = await school.issue([{ amount: '45.00' }, { amount: '46.00' }]);
    const { digits } = await payer.act<{ readonly digits: string }>(
      'showPayerCode',
      { walletId, limit: { amount: '50.00' } },
      '... on PayerCode { digits limit { amount } expiresAt }',
    );
    const charge = (billId: string, amount: string, key = story.key(), code = digits): Promise<Payment> => {
      const input = { idempotencyKey: key, code, bills: [{ billId }], expectedTotal: { amount } };
      return clerk.act<Payment>('chargePayerCode', input, ON_PAYMENT);
    };
    const before = await walletOf(payer, walletId);
    const forged = `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`;
    holds('other digits', await charge(bill!.id, '45.00', story.key(), forged), { code: 'QR_FORGED' });
    const key = story.key();
    const payment = await charge(bill!.id, '45.00', key);
    holds('payment', payment, { status: 'CAPTURED', channel: 'WALLET' });
    holds('the same charge again', await charge(bill!.id, '45.00', key), { id: payment.id });
    holds('the code for another bill', await charge(other!.id, '46.00'), { code: 'QR_USED' });
    await walletBecomes(payer, walletId, minus(before.balance.amount, '45.00'));
    const seen = await payer.get('query P($id: ID!) { payment(id: $id) { status total { amount } } }', {
      id: payment.id,
    });
    holds('seen by the payer whose wallet it was', seen, { status: 'CAPTURED', total: { amount: '45.00' } });
    return '¥45.00 once, seen by the payer; QR_USED and QR_FORGED';
  });
}

async function link(story: Story, walletId: string): Promise<void> {
  const { school, bursar, payer } = story;
  await story.step('a payment link, seen without signing in', async () => {
    const { id: billId } = await school.one('52.00');
    const input = { idempotencyKey: story.key(), billIds: [billId], expiresAt: momentIn(600_000) };
    const { linkCode } = await bursar.act<{ readonly linkCode: string }>(
      'createPaymentLink',
      input,
      '... on PaymentLink { linkCode status }',
    );
    holds('as anybody sees it', await anonymous(story, LINK, { code: linkCode }), {
      status: 'OPEN',
      total: { amount: '52.00' },
      bills: [{ payerName: /^学\*+$/, payerNumber: /^\*/, due: { amount: '52.00' } }],
    });
    holds('a code that nobody gave', await anonymous(story, LINK, { code: '0'.repeat(25) }), null);
    await paid(story, payer, { billId, amount: '52.00', method: byWallet(walletId) });
    const after = await anonymous(story, LINK, { code: linkCode });
    holds('once it is paid', after, { status: 'USED_UP', bills: [], total: { amount: '0.00' } });
    return 'OPEN with masked name and number, USED_UP once it is paid';
  });
}
