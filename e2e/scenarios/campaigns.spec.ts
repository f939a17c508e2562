import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyDraw } from '#libs/campaigns/contract/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { parseDecimal } from '#libs/kernel/money/index.js';
import { type Person, settled, ShopFloor } from './shop-floor.js';
import { byWallet, openSchool, walletWith } from './tuition-acts.js';

/** Milliseconds: long enough to pay and sign up on a busy machine, short enough to wait for. */
const WINDOW_MS = 6_000;
const SHORT_MS = 4_000;
const YEAR_MS = 300 * 86_400_000;
const PATIENCE_MS = 60_000;

interface Amount {
  readonly amount: string;
}
interface Refused {
  readonly __typename: string;
  readonly code?: string;
}
interface Campaign extends Refused {
  readonly id: string;
  readonly status: string;
  readonly budget: Amount;
  readonly budgetContractId: string | null;
  readonly commitment: string;
  readonly granted: number;
  readonly endReason: string | null;
  readonly mySignUp: { readonly outcome: string; readonly voucherId: string | null } | null;
}
interface Voucher {
  readonly id: string;
  readonly status: string;
  readonly balance: Amount;
  readonly spending: { readonly shops: readonly { readonly code: string }[] };
}

const CAMPAIGN =
  'id status budget { amount } budgetContractId commitment granted endReason mySignUp { outcome voucherId }';
const CUSTODY =
  'held { amount } posted { amount } apart breachCount fundingClearing { amount } payoutClearing { amount }';
const SOUND = {
  apart: 0,
  breachCount: 0,
  fundingClearing: { amount: '0.00' },
  payoutClearing: { amount: '0.00' },
};
const VOUCHER = 'id status balance { amount } spending { shops { code } }';
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('a campaign', () => {
  let floor: ShopFloor;
  let people: Record<'bd' | 'bursar' | 'bursar1' | 'payer' | 'payer2' | 'auditor', Person>;
  let school: string;
  let shop: string;
  let wallet: string;

  beforeAll(async () => {
    floor = await ShopFloor.open();
    const names = ['bd', 'bursar', 'bursar1', 'payer', 'payer2', 'auditor'] as const;
    const entries = await Promise.all(names.map(async (name) => [name, await floor.person(name)] as const));
    people = Object.fromEntries(entries) as typeof people;
    school = await openSchool(people.bd, people.bursar, 'school-2');
    shop = await openSchool(people.bd, people.bursar1, 'school-1');
    wallet = await walletWith(people.payer2, '500.00');
    await people.bd.act(
      'setMerchantCategory',
      { idempotencyKey: 'category', organisationId: shop, category: '5942' },
      '... on MerchantCategory { category from }',
    );
  });
  afterAll(() => floor.close());

  const campaignOf = (person: Person, id: string): Promise<Campaign> =>
    person.get<Campaign>(`query Q($id: ID!) { campaign(id: $id) { ${CAMPAIGN} } }`, { id });

  const spend = (
    key: string,
    voucherId: string,
    change: object = {},
  ): Promise<Refused & { readonly voucher?: Voucher }> =>
    people.payer.act(
      'spendVoucher',
      { idempotencyKey: key, voucherId, organisationId: shop, amount: { amount: '30.00' }, ...change },
      `... on VoucherPayment { amount { amount } voucher { ${VOUCHER} } }`,
    );

  /** Drawn up by the school, agreed to and paid by the sponsor. */
  async function opened(key: string, budget: string, input: object): Promise<Campaign> {
    const { bursar, payer, payer2 } = people;
    const created = await bursar.act<Campaign>(
      'createCampaign',
      {
        idempotencyKey: key,
        name: `活动 ${key}`,
        sponsorAccountId: 'demo-payer2',
        opensAt: inMs(0),
        ...input,
      },
      `... on Campaign { ${CAMPAIGN} }`,
    );
    expect(created).toMatchObject({ __typename: 'Campaign', status: 'DRAFTED', budget: { amount: budget } });
    expect(await campaignOf(payer, created.id)).toBeNull();
    const sponsored = await payer2.act<Campaign>(
      'sponsorCampaign',
      { idempotencyKey: key, campaignId: created.id, walletId: wallet, expectedBudget: { amount: budget } },
      `... on Campaign { ${CAMPAIGN} }`,
    );
    expect(sponsored).toMatchObject({ status: 'SPONSORED' });
    const { budgetContractId: contractId } = sponsored;
    const paid = await payer2.act<Refused & { readonly status: string }>(
      'fundContract',
      { idempotencyKey: key, contractId, amount: { amount: budget }, method: byWallet(wallet) },
      '... on Payment { status }',
    );
    expect(paid).toMatchObject({ __typename: 'Payment', status: 'CAPTURED' });
    return settled(
      () => campaignOf(payer, created.id),
      (found) => found.status !== 'SPONSORED',
    );
  }

  const balanceIs = (amount: string) =>
    settled(
      () => people.payer2.get<readonly { readonly balance: Amount }[]>('{ wallets { balance { amount } } }'),
      ([found]) => found?.balance.amount === amount,
    );

  it(
    'draws its winners so that anybody can check it, and they spend what they have won',
    async () => {
      const { bursar1, payer, payer2, auditor } = people;
      const { id, commitment } = await opened('reading-week', '70.00', {
        awards: {
          vouchers: {
            prizes: [
              { amount: { amount: '50.00' }, count: 1 },
              { amount: { amount: '20.00' }, count: 1 },
            ],
            shops: [shop],
            categories: ['5942'],
            minSpend: { amount: '25.00' },
          },
        },
        closesAt: inMs(WINDOW_MS),
        expiresAt: inMs(YEAR_MS),
      });
      const signUp = (who: Person, key: string): Promise<Refused> =>
        who.act(
          'signUpForCampaign',
          { idempotencyKey: key, campaignId: id },
          '... on CampaignSignUp { number outcome }',
        );
      expect(await signUp(payer, 'me')).toMatchObject({ number: 1, outcome: 'WAITING' });
      expect((await signUp(payer, 'me too')).__typename).toBe('AlreadySignedUp');
      expect((await signUp(payer2, 'sponsor')).__typename).toBe('NotEligible');
      const seed = 'query Q($id: ID!) { campaignDraw(campaignId: $id) { seed } }';
      expect(await payer.get(seed, { id })).toBeNull();
      const won = await settled(
        () => campaignOf(payer, id),
        (found) => found.status === 'AWARDED',
      );
      expect((await signUp(payer2, 'late')).__typename).toBe('SignUpClosed');
      expect(won).toMatchObject({ granted: 1, commitment, mySignUp: { outcome: 'WON' } });
      await checkDraw(won);
      const { nodes } = await settled(
        () => payer.get<{ readonly nodes: readonly Voucher[] }>(`{ myVouchers { nodes { ${VOUCHER} } } }`),
        (found) => found.nodes[0]?.status === 'ACTIVE',
      );
      expect(nodes).toMatchObject([
        { balance: { amount: '50.00' }, spending: { shops: [{ code: 'school-1' }] } },
      ]);
      const voucher = nodes[0]!.id;
      const refused = {
        'at another merchant': (await spend('a', voucher, { organisationId: school })).__typename,
        'below the least spend': (await spend('b', voucher, { amount: { amount: '24.99' } })).__typename,
        'above its balance': (await spend('c', voucher, { amount: { amount: '50.01' } })).__typename,
      };
      expect(refused).toEqual({
        'at another merchant': 'MerchantNotAllowed',
        'below the least spend': 'BelowMinSpend',
        'above its balance': 'ExceedsCap',
      });
      const bought = await spend('book', voucher, { spend: { amount: '32.50' } });
      expect(bought).toMatchObject({
        __typename: 'VoucherPayment',
        voucher: { balance: { amount: '20.00' } },
      });
      expect(await spend('book', voucher, { spend: { amount: '32.50' } })).toEqual(bought);
      expect((await spend('book', voucher)).__typename).toBe('IdempotencyConflict');
      const taken = '{ vouchersTaken { nodes { campaignName amount { amount } spend { amount } } } }';
      expect(await bursar1.get(taken)).toEqual({
        nodes: [
          { campaignName: '活动 reading-week', amount: { amount: '30.00' }, spend: { amount: '32.50' } },
        ],
      });
      expect(await auditor.get(`{ custodyCheck { ${CUSTODY} } }`)).toEqual({
        held: { amount: '40.00' },
        posted: { amount: '40.00' },
        ...SOUND,
      });
    },
    PATIENCE_MS,
  );

  it(
    'gives the sponsor back what nobody has won',
    async () => {
      const { payer, auditor } = people;
      await balanceIs('430.00');
      const { id } = await opened('nobody-came', '100.01', {
        awards: { redPackets: { pot: { amount: '100.01' }, packets: 7, split: 'RANDOM' } },
        closesAt: inMs(SHORT_MS),
        expiresAt: inMs(2 * SHORT_MS),
      });
      await balanceIs('430.00');
      await settled(
        () => campaignOf(payer, id),
        (found) => found.status === 'ENDED' && found.endReason === 'COMPLETED',
      );
      expect(await auditor.get(`{ custodyCheck { ${CUSTODY} } }`)).toEqual({
        held: { amount: '40.00' },
        posted: { amount: '40.00' },
        ...SOUND,
      });
    },
    PATIENCE_MS,
  );

  /** As a stranger to the platform would: with nothing but what it publishes. */
  async function checkDraw({ id, commitment }: Campaign): Promise<void> {
    const draw = await people.payer.get<{
      readonly lotteryId: string;
      readonly seed: string;
      readonly digest: string;
      readonly awards: { readonly prizes: readonly { readonly amount: Amount; readonly count: number }[] };
      readonly signUps: {
        readonly nodes: readonly {
          readonly signUpId: string;
          readonly rank: number | null;
          readonly amount: Amount | null;
        }[];
      };
    }>(
      `query Q($id: ID!) { campaignDraw(campaignId: $id) { lotteryId seed digest awards { prizes { amount { amount } count } }
        signUps { nodes { signUpId rank amount { amount } } } } }`,
      { id },
    );
    const minor = ({ amount }: Amount): bigint => parseDecimal(amount, 'CNY/2').amount;
    const { nodes } = draw.signUps;
    const winners = nodes
      .flatMap(({ signUpId, rank, amount }) =>
        rank && amount ? [{ rank, signUpId, amount: minor(amount) }] : [],
      )
      .sort((a, b) => a.rank - b.rank);
    const prizes = draw.awards.prizes.map(({ amount, count }) => ({ amount: minor(amount), count }));
    expect(winners.length).toBe(1);
    const published = {
      campaignId: asId<'campaign'>(draw.lotteryId),
      commitment,
      seed: draw.seed,
      digest: draw.digest,
      signUpIds: nodes.map(({ signUpId }) => signUpId),
      award: { kind: 'prizes', prizes },
      winners,
    } as const;
    expect(verifyDraw(published)).toEqual([]);
    expect(verifyDraw({ ...published, seed: '0'.repeat(64) })).toContain('COMMITMENT');
  }
});
