import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';
import { ROLES, type Role } from '#libs/security/port/index.js';
import { MUTATIONS, QUERIES, type Things, payInCash } from './every-operation.js';
import { MAY_ACT } from './may-act.js';
import { nothing, school } from './one-of-everything.js';
import { type Person, ShopFloor } from './shop-floor.js';
import { documentOf, mutationFields, queryFields, subscriptionFields, successOf } from './whole-documents.js';

let floor: ShopFloor;
/** What the demo's bursar, clerk and supervisor work for, and what they don't. */
let own: Things;
let other: Things;

beforeAll(async () => {
  floor = await ShopFloor.open();
  own = await school(floor, { code: 'school-2', bursarName: 'bursar', payerName: 'payer', mark: '甲' });
  other = await school(floor, { code: 'school-1', bursarName: 'bursar1', payerName: 'payer2', mark: '乙' });
});
afterAll(() => floor.close());

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
  // What is on offer is for everybody.
  if (query === 'course' || query === 'courses') return true;
  // Who draws campaigns up for institutions.
  if (query === 'campaign' || query === 'campaigns') return who.roles.includes('bd');
  return query === 'billsToPay' && isPayer(who);
}

/** Any payer may see what paying any bill would do, but not from somebody else's wallet. */
function askedAbout(who: Somebody, query: string): Things {
  return query === 'previewPayment' && isPayer(who) ? { ...nothing(), wallet: other.wallet } : other;
}

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
    ).toEqual([
      'approvalUpdated',
      'billUpdated',
      'contractUpdated',
      'importProgressed',
      'paymentUpdated',
      'refundUpdated',
    ]);
  });

  it('shows people their own', async () => {
    const seenBy = {
      bursar: Object.keys(QUERIES),
      payer: [
        'payment',
        'receipt',
        'billsToPay',
        'organisation',
        'case',
        'refund',
        'mandate',
        'releaseContract',
        'courseOrder',
        'campaign',
      ],
    };
    const notTheirs = ['me', 'wallets', 'trialBalance', 'custodyCheck', 'openPayments', 'billsToPay'];
    // The same whatever is asked about, or for other roles.
    notTheirs.push(
      'advances',
      'previewPayment',
      'mandates',
      'approvals',
      'cases',
      'case',
      'verifyReceipt',
      'readMerchantCode',
      'paymentLink',
      'walletInstitutions',
      'walletTierLimits',
      'walletPrecheck',
      'subWallets',
      'pushedSubWallets',
      'transfers',
      'transfer',
      'collection',
      'hardWallets',
      'massRefunds',
      'massRefund',
      'releaseTemplates',
      'releaseTemplate',
      'templateFindings',
      'regionalParameters',
      'simulateContract',
      'releaseProof',
      'verifyReleaseProof',
      'campaignDraw',
      'myVouchers',
      'voucher',
      'vouchersTaken',
    );
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
          await answerTo(who, 'query', query, askedAbout(who, query)),
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
        // The standard terms, which hold for every organisation until it sets its own.
        if (query === 'billingTerms') continue;
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
          if (
            [
              'registerOrganisation',
              'openWallet',
              'defineFeeItem',
              'setBillingTerms',
              'createUpload',
              'setTierLimits',
              'syncOfflinePayments',
              'createCampaign',
            ].includes(field.name)
          )
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
    const outsiders = (await demoPeople()).filter(({ name }) =>
      ['bursar', 'clerk', 'payer', 'supervisor'].includes(name),
    );
    for (const who of outsiders) {
      for (const field of mutationFields().filter(({ name }) =>
        who.roles.some((role) => MAY_ACT[name]?.includes(role)),
      )) {
        if (field.name === 'openWallet') continue;
        // Any payer may pay any bill, but not from somebody else's wallet.
        const mixed =
          who.name === 'payer'
            ? {
                ...nothing(),
                wallet: other.wallet,
                payment: other.payment,
                case: other.case,
                mandate: other.mandate,
                campaign: other.campaign,
                contract: other.contract,
                courseOrder: other.courseOrder,
              }
            : other;
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
      ['refundUpdated', { of: { organisationId: other.organisation } }],
      ['refundUpdated', { of: { refundId: other.refund } }],
      ['approvalUpdated', { of: { organisationId: other.organisation } }],
      ['approvalUpdated', { of: { approvalId: other.approval } }],
      ['contractUpdated', { id: other.contract }],
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
