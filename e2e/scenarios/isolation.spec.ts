import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globalId } from '#libs/graphql/index.js';
import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';
import { ROLES, type Role } from '#libs/security/port/index.js';
import {
  MUTATIONS,
  QUERIES,
  type Things,
  documentOf,
  mutationFields,
  payInCash,
  queryFields,
  subscriptionFields,
  successOf,
} from './every-operation.js';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { billOf, byWallet, handIn, openSchool, pay, publish, walletWith } from './tuition-acts.js';

let floor: ShopFloor;
/** What the demo's bursar, clerk and supervisor work for, and what they don't. */
let own: Things;
let other: Things;

beforeAll(async () => {
  floor = await ShopFloor.open();
  own = await school('school-2', 'bursar', 'payer', '甲');
  other = await school('school-1', 'bursar1', 'payer2', '乙');
});
afterAll(() => floor.close());

/** A school with one of everything; `mark` is in every name and number of it. */
async function school(code: string, bursarName: string, payerName: string, mark: string): Promise<Things> {
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
    payerNumber: numbers[1]!,
    payerName: `机密${mark}`,
    code,
  };
}

const nothing = (): Things => ({
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
  payerNumber: 'S0',
  payerName: '无此人',
  code: `school-${randomUUID().slice(0, 8)}`,
});

interface Somebody {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly person: Person;
}

async function demoPeople(): Promise<readonly Somebody[]> {
  return Promise.all(
    DEMO_USERS.map(async ({ username, roles }) => ({
      name: username,
      roles,
      person: await floor.person(username),
    })),
  );
}

/** Another bank's staff, whose organisation happens to have the same id as ours. */
async function strangers(): Promise<readonly Somebody[]> {
  return Promise.all(
    ROLES.map(async (role) => ({
      name: `stranger ${role}`,
      roles: [role],
      person: await floor.stranger({ roles: [role], organisation: 'school-2' }),
    })),
  );
}

/** The answer without what is different each time anyway. */
async function answerTo(
  { person, roles }: Somebody,
  kind: 'query' | 'mutation',
  name: string,
  of: Things,
): Promise<string> {
  const fields = kind === 'query' ? queryFields() : mutationFields();
  const field = fields.find((candidate) => candidate.name === name)!;
  const inCash = name === 'payBills' && roles.includes('clerk');
  const input = inCash ? payInCash : MUTATIONS[name];
  const variables = kind === 'query' ? QUERIES[name]!(of) : { input: input!(of) };
  const answer = await person.ask(documentOf(kind, field, variables), variables);
  return JSON.stringify(answer, (property, value: unknown) =>
    property === 'traceId' || property === 'locations' ? undefined : value,
  );
}

const isPayer = ({ roles }: Somebody): boolean => roles.includes('payer');
/** Who works for the whole bank and may read every organisation's figures. */
const worksForTheBank = ({ roles }: Somebody): boolean => roles.includes('ops') || roles.includes('auditor');

/** Where somebody else's things may be seen on purpose. */
function mayRead(who: Somebody, query: string): boolean {
  if (worksForTheBank(who)) return true;
  // Payers find what they pay for, and any bank business developer the institutions.
  if (query === 'organisation') return isPayer(who) || who.roles.includes('bd');
  return query === 'billsToPay' && isPayer(who);
}

const MAY_ACT: Readonly<Record<string, readonly Role[]>> = {
  registerOrganisation: ['bd', 'ops'],
  defineFeeItem: ['bursar'],
  createUpload: ['bursar'],
  startImport: ['bursar'],
  issueBills: ['bursar'],
  cancelImport: ['bursar'],
  cancelBill: ['bursar'],
  payBills: ['payer', 'clerk'],
  openWallet: ['payer'],
  topUpWallet: ['payer'],
  eraseStudentData: ['bursar'],
};

describe('isolation, over every operation of the schema', () => {
  it('is asked about every operation there is', () => {
    expect(Object.keys(QUERIES).sort()).toEqual(
      queryFields()
        .map(({ name }) => name)
        .sort(),
    );
    expect(Object.keys(MUTATIONS).sort()).toEqual(
      mutationFields()
        .map(({ name }) => name)
        .sort(),
    );
    expect(Object.keys(MAY_ACT).sort()).toEqual(
      mutationFields()
        .map(({ name }) => name)
        .sort(),
    );
    expect(
      subscriptionFields()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['billUpdated', 'importProgressed', 'paymentUpdated']);
  });

  it('shows people their own', async () => {
    const seenBy = {
      bursar: Object.keys(QUERIES),
      payer: ['payment', 'receipt', 'billsToPay', 'organisation'],
    };
    const notTheirs = ['me', 'wallets', 'trialBalance', 'openPayments', 'billsToPay'];
    for (const who of (await demoPeople()).filter(({ name }) => name in seenBy)) {
      for (const query of seenBy[who.name as keyof typeof seenBy]) {
        if (who.name === 'bursar' && notTheirs.includes(query)) continue;
        const asked = await answerTo(who, 'query', query, own);
        const absent = await answerTo(who, 'query', query, nothing());
        expect([who.name, query, asked === absent]).toEqual([who.name, query, false]);
      }
    }
  });

  it('shows the things of another organisation as if there were none', async () => {
    const leaks: string[] = [];
    for (const who of (await demoPeople()).filter(({ name }) => name !== 'bursar1' && name !== 'payer2')) {
      for (const query of Object.keys(QUERIES)) {
        if (mayRead(who, query)) continue;
        const [asked, absent] = [
          await answerTo(who, 'query', query, other),
          await answerTo(who, 'query', query, nothing()),
        ];
        if (asked !== absent || asked.includes('机密乙'))
          leaks.push(`${who.name} ${query}: ${asked} instead of ${absent}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  it('shows another bank nothing, even where organisations have the same id', async () => {
    const leaks: string[] = [];
    for (const who of await strangers()) {
      for (const query of Object.keys(QUERIES)) {
        const [asked, absent] = [
          await answerTo(who, 'query', query, own),
          await answerTo(who, 'query', query, nothing()),
        ];
        if (asked !== absent || asked.includes('机密'))
          leaks.push(`${who.name} ${query}: ${asked} instead of ${absent}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  it('lets nobody act who has not the role, and tells them nothing by the way', async () => {
    const leaks: string[] = [];
    for (const who of [...(await demoPeople()), ...(await strangers())]) {
      for (const field of mutationFields()) {
        const stranger = who.name.startsWith('stranger');
        if (who.roles.some((role) => MAY_ACT[field.name]?.includes(role))) {
          if (!stranger) continue;
          // Within their own bank they may do these without anything of ours.
          if (['registerOrganisation', 'openWallet', 'defineFeeItem', 'createUpload'].includes(field.name))
            continue;
        }
        const [asked, absent] = [
          await answerTo(who, 'mutation', field.name, own),
          await answerTo(who, 'mutation', field.name, nothing()),
        ];
        if (asked !== absent || asked.includes(`"${successOf(field)}"`))
          leaks.push(`${who.name} ${field.name}: ${asked} instead of ${absent}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  it('lets nobody act on the things of another organisation or person', async () => {
    const leaks: string[] = [];
    const outsiders = (await demoPeople()).filter(({ name }) => ['bursar', 'clerk', 'payer'].includes(name));
    for (const who of outsiders) {
      for (const field of mutationFields().filter(({ name }) =>
        who.roles.some((role) => MAY_ACT[name]?.includes(role)),
      )) {
        if (field.name === 'openWallet') continue;
        // Any payer may pay any bill, but not from somebody else's wallet.
        const mixed = who.name === 'payer' ? { ...nothing(), wallet: other.wallet } : other;
        const [asked, absent] = [
          await answerTo(who, 'mutation', field.name, mixed),
          await answerTo(who, 'mutation', field.name, nothing()),
        ];
        if (asked !== absent || asked.includes(`"${successOf(field)}"`))
          leaks.push(`${who.name} ${field.name}: ${asked} instead of ${absent}`);
      }
    }
    expect(leaks).toEqual([]);
  });

  it('refuses subscriptions to what is not theirs', async () => {
    const watched: readonly [string, object][] = [
      ['billUpdated', { of: { organisationId: other.organisation } }],
      ['billUpdated', { of: { billId: other.bill } }],
      ['paymentUpdated', { of: { organisationId: other.organisation } }],
      ['paymentUpdated', { of: { paymentId: other.payment } }],
      ['importProgressed', { importId: other.import }],
    ];
    const outsiders = (await demoPeople()).filter(({ name }) =>
      ['bursar', 'clerk', 'payer', 'bd', 'taxofficer'].includes(name),
    );
    for (const who of outsiders) {
      for (const [name, variables] of watched) {
        const field = subscriptionFields().find((candidate) => candidate.name === name)!;
        const watching = who.person.watch(
          documentOf('subscription', field, variables),
          variables as Record<string, unknown>,
        );
        await expect(watching.until((received) => received.length > 0)).rejects.toThrow(
          'There is nothing with this id for you to watch.',
        );
      }
    }
  });

  it('left everything as it was', async () => {
    const bursar1 = await floor.person('bursar1');
    const bills = await bursar1.get<{ readonly nodes: readonly object[] }>(
      '{ bills { nodes { status payer { name } } } }',
    );
    expect(bills.nodes).toEqual([
      { status: 'PAID', payer: { name: '机密乙' } },
      { status: 'ISSUED', payer: { name: '机密乙' } },
    ]);
    const payer2 = await floor.person('payer2');
    expect(await payer2.get('{ wallets { balance { amount } held { amount } } }')).toEqual([
      { balance: { amount: '3800.00' }, held: { amount: '0.00' } },
    ]);
  });
});
