import { randomUUID } from 'node:crypto';
import { APPROVALS, type Approvals } from '#libs/approvals/contract/index.js';
import { globalId } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import type { Things } from './every-operation.js';
import { type Person, type ShopFloor, settled } from './shop-floor.js';
import { billOf, byWallet, handIn, openSchool, pay, publish, walletWith } from './tuition-acts.js';

interface School {
  readonly code: string;
  readonly bursarName: string;
  readonly payerName: string;
  /** In every name and number of it. */
  readonly mark: string;
}

/** A school with one of everything; `mark` is in every name and number of it. */
export async function school(
  floor: ShopFloor,
  { code, bursarName, payerName, mark }: School,
): Promise<Things> {
  const [bd, bursar, payer] = [
    await floor.person('bd'),
    await floor.person(bursarName),
    await floor.person(payerName),
  ];
  const organisation = await openSchool(bd, bursar, code);
  const numbers = [`S${code}1`, `S${code}2`];
  const rows = numbers.map(
    (number) => `2026-2027,1,${number},机密${mark},一年级,一班,TUITION,1200.00,2026-09-30`,
  );
  const file = `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${rows.join('\n')}\n`;
  const checked = await handIn(bursar, new TextEncoder().encode(file), `机密${mark}.csv`);
  await publish(bursar, checked);
  const [bill, openBill] = [await billOf(bursar, numbers[0]!), await billOf(bursar, numbers[1]!)];
  const wallet = await walletWith(payer, '5000.00');
  const payment = await pay(payer, {
    key: 'pay',
    bills: [bill.id],
    total: '1200.00',
    method: byWallet(wallet),
  });
  const { nodes } = await settled(
    () => bursar.get<{ readonly nodes: readonly { readonly id: string }[] }>('{ students { nodes { id } } }'),
    (found) => found.nodes.length === 2,
  );
  const [feeItem] = await bursar.get<readonly { readonly id: string }[]>('{ feeItems { id } }');
  const upload = await bursar.act<{ readonly id: string; readonly url: string }>(
    'createUpload',
    { fileName: 'next.csv' },
    '... on Upload { id url }',
  );
  await fetch(upload.url, { method: 'PUT', body: file });
  return {
    organisation,
    feeItem: feeItem!.id,
    bill: bill.id,
    openBill: openBill.id,
    import: checked.id,
    student: nodes[0]!.id,
    payment: payment.id,
    receipt: payment.receipts[0]!.id,
    wallet,
    upload: upload.id,
    approval: await approvalFor(floor, { code, bursarName, mark }),
    case: await complaintAbout(payer, payment.id, mark),
    campaign: await campaignOf(bursar, payerName, mark),
    ...(await codesFor(bursar, openBill.id)),
    contract: await contractOf(bursar, { organisation, payerName }),
    ...(await courseOf(bd, { bursar, payer }, { code, mark })),
    refund: await refundOf(bursar, payment.id, mark),
    ...(await mandateOf(payer, { organisation, wallet, payerNumber: numbers[1]!, payerName: `机密${mark}` })),
    payerNumber: numbers[1]!,
    payerName: `机密${mark}`,
    code,
  };
}

/** Asked for in process: which acts need a second person is a matter of other scenarios. */
async function approvalFor(
  floor: ShopFloor,
  { code, bursarName, mark }: Omit<School, 'payerName'>,
): Promise<string> {
  const approvalId = asId<'approval'>(randomUUID());
  const requestedAt = parseInstant(new Date().toISOString());
  await floor.part<Approvals>(APPROVALS).request(
    {
      approvalId,
      kind: 'refund',
      tenant: DEMO_TENANT,
      organisationId: asId(code),
      subject: `refund-${approvalId}`,
      payload: { secret: `机密${mark}` },
      maker: { accountId: `demo-${bursarName}`, personId: `demo-person-${bursarName}` },
      reason: `机密${mark}`,
      requestedAt,
      expiresAt: addMs(requestedAt, 3_600_000),
    },
    'isolation',
  );
  return globalId('Approval', approvalId);
}

/** Above the limit: waits for a second person. */
async function refundOf(bursar: Person, paymentId: string, mark: string): Promise<string> {
  const asked = await bursar.act<{ readonly id: string }>(
    'requestRefund',
    { idempotencyKey: 'refund', paymentId, reason: `机密${mark}` },
    '... on Refund { id }',
  );
  return asked.id;
}

/** A draft between the school and the payer; the arbiter is the school itself, which no real contract would have. */
async function contractOf(
  bursar: Person,
  { organisation, payerName }: { readonly organisation: string; readonly payerName: string },
): Promise<string> {
  const text = (name: string, value: string) => ({ name, value: { text: value } });
  const drafted = await bursar.act<{ readonly id: string }>(
    'draftContract',
    {
      idempotencyKey: 'contract',
      templateId: 'deposit-return',
      parameters: [
        { name: 'deposit', value: { amount: { amount: '1000.00' } } },
        text('notice', 'P3D'),
        text('fundBy', '2098-01-01T00:00:00Z'),
        text('returnOn', '2099-01-01T00:00:00Z'),
        text('endsAt', '2099-02-01T00:00:00Z'),
        { name: 'inspectionKeys', value: { keys: [{ publicKey: 'A'.repeat(43) }] } },
      ],
      parties: [
        { role: 'lessee', party: { account: `demo-${payerName}` } },
        { role: 'lessor', party: { organisationId: organisation } },
        { role: 'arbiter', party: { account: 'demo-arbiter' } },
      ],
    },
    '... on ReleaseContract { id }',
  );
  return drafted.id;
}

/** On offer, and ordered once; supervised by an authority of its own. */
async function courseOf(
  bd: Person,
  { bursar, payer }: { readonly bursar: Person; readonly payer: Person },
  { code, mark }: Pick<School, 'code' | 'mark'>,
): Promise<Pick<Things, 'course' | 'courseOrder'>> {
  const authority = await bd.act<{ readonly id: string }>(
    'registerOrganisation',
    { code: `bureau-of-${code}`, nameZh: `机密${mark}`, nameEn: 'Bureau' },
    '... on Organisation { id }',
  );
  const price = { amount: '1200.00' };
  const course = await bursar.act<{ readonly id: string }>(
    'publishCourse',
    {
      idempotencyKey: 'course',
      name: `机密${mark}`,
      subject: '数学',
      lessonMinutes: 45,
      packages: [{ lessons: 12, price }],
      authorityId: authority.id,
    },
    '... on Course { id }',
  );
  const ordered = { courseId: course.id, lessons: 12, expectedPrice: price, studentNo: `机密${mark}` };
  const order = await payer.act<{ readonly id: string }>(
    'orderCourse',
    { idempotencyKey: 'order', ...ordered },
    '... on CourseOrder { id }',
  );
  return { course: course.id, courseOrder: order.id };
}

/** A draft, which the payer is asked to pay for. */
async function campaignOf(bursar: Person, payerName: string, mark: string): Promise<string> {
  const drafted = await bursar.act<{ readonly id: string }>(
    'createCampaign',
    {
      idempotencyKey: 'campaign',
      name: `机密${mark}`,
      sponsorAccountId: `demo-${payerName}`,
      awards: { redPackets: { pot: { amount: '1.00' }, packets: 1, split: 'EQUAL' } },
      opensAt: inDays(1),
      closesAt: inDays(2),
      expiresAt: inDays(3),
    },
    '... on Campaign { id }',
  );
  return drafted.id;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** By a sub-wallet, from a day on that nobody waits for. */
async function mandateOf(
  payer: Person,
  of: Pick<Things, 'organisation' | 'wallet' | 'payerNumber' | 'payerName'>,
): Promise<Pick<Things, 'mandate' | 'subWallet'>> {
  const { organisation: organisationId, wallet: walletId, payerNumber, payerName } = of;
  const limit = { amount: '100.00' };
  const pushed = await payer.act<{ readonly id: string }>(
    'pushSubWallet',
    { idempotencyKey: 'push', walletId, organisationId, single: limit, day: limit },
    '... on SubWallet { id }',
  );
  const whose = { walletId, subWalletId: pushed.id, payerNumber, payerName };
  const given = await payer.act<{ readonly id: string }>(
    'giveMandate',
    { idempotencyKey: 'mandate', ...whose, dayOfMonth: 1, from: '2099-01-01' },
    '... on Mandate { id }',
  );
  return { mandate: given.id, subWallet: pushed.id };
}

async function complaintAbout(payer: Person, paymentId: string, mark: string): Promise<string> {
  const opened = await payer.act<{ readonly id: string }>(
    'openComplaint',
    { idempotencyKey: 'complaint', about: { paymentId }, text: `机密${mark}` },
    '... on Case { id }',
  );
  return opened.id;
}

async function codesFor(
  bursar: Person,
  billId: string,
): Promise<Pick<Things, 'merchantCode' | 'paymentLink'>> {
  const code = await bursar.act<{ readonly id: string }>(
    'issueMerchantCode',
    { idempotencyKey: 'wall' },
    '... on MerchantCode { id }',
  );
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const link = await bursar.act<{ readonly id: string }>(
    'createPaymentLink',
    { idempotencyKey: 'link', billIds: [billId], expiresAt },
    '... on PaymentLink { id }',
  );
  return { merchantCode: code.id, paymentLink: link.id };
}

/** Ids of what does not exist. */
export const nothing = (): Things => ({
  organisation: globalId('Organisation', `school-${randomUUID().slice(0, 8)}`),
  feeItem: globalId('FeeItem', randomUUID()),
  bill: globalId('Bill', randomUUID()),
  openBill: globalId('Bill', randomUUID()),
  import: globalId('Import', randomUUID()),
  student: globalId('Student', randomUUID()),
  payment: globalId('Payment', randomUUID()),
  receipt: globalId('Receipt', randomUUID()),
  wallet: globalId('Wallet', randomUUID()),
  upload: globalId('Upload', randomUUID()),
  approval: globalId('Approval', randomUUID()),
  campaign: globalId('Campaign', randomUUID()),
  course: globalId('Course', randomUUID()),
  courseOrder: globalId('CourseOrder', randomUUID()),
  case: globalId('Case', randomUUID()),
  contract: globalId('Contract', randomUUID()),
  merchantCode: globalId('MerchantCode', randomUUID()),
  paymentLink: globalId('PaymentLink', randomUUID()),
  refund: globalId('Refund', randomUUID()),
  mandate: globalId('Mandate', randomUUID()),
  subWallet: globalId('SubWallet', randomUUID()),
  payerNumber: 'S0',
  payerName: '无此人',
  code: `school-${randomUUID().slice(0, 8)}`,
});
