import { byWallet } from '../../money-core/acts.js';
import { momentIn } from '../../money-core/days.js';
import { holds } from '../../money-core/holds.js';
import { type Money, fen, sumOf, yuan } from '../../money-core/money.js';
import { type Person, settled } from '../../person.js';
import { custodyOf } from '../custody.js';
import { type Draw, checkDraw } from '../draw.js';
import type { CourseStory } from '../story.js';

interface Campaign {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly budget: Money;
  readonly budgetContractId: string | null;
  readonly commitment: string;
  readonly granted: number;
  readonly mySignUp: { readonly outcome: string; readonly amount: Money | null } | null;
}

interface Voucher {
  readonly id: string;
  readonly contractId: string;
  readonly campaignId: string;
  readonly status: string;
  readonly balance: Money;
}

const CAMPAIGN =
  'id status budget { amount } budgetContractId commitment granted mySignUp { outcome amount { amount } }';
const VOUCHER = 'id contractId campaignId status balance { amount }';
/** Long enough to pay and sign up on a busy machine. */
const WINDOW_MS = 4_000;
const MONTH_MS = 30 * 86_400_000;
const CATEGORY = '5942';

/** Money that can be spent only as its giver says. */
export async function campaigns(story: CourseStory): Promise<void> {
  story.part('Vouchers and red packets');
  const [payer, payer2] = [story.person('payer'), story.person('payer2')];
  let vouchers!: Campaign;
  let packets!: Campaign;
  let unwanted!: Campaign;

  await story.step('drawn up by a school, agreed to and paid by a sponsor', async () => {
    const merchant = { idempotencyKey: story.key(), organisationId: story.shop, category: CATEGORY };
    const fields = '... on MerchantCategory { category }';
    holds('what the shop sells', await story.person('bd').act('setMerchantCategory', merchant, fields), {
      category: CATEGORY,
    });
    const closesAt = momentIn(WINDOW_MS);
    const prizes = [
      { amount: { amount: '50.00' }, count: 1 },
      { amount: { amount: '20.00' }, count: 1 },
    ];
    const spending = { shops: [story.shop], categories: [CATEGORY], minSpend: { amount: '25.00' } };
    vouchers = await opened(story, 'payer2', {
      closesAt,
      awards: { vouchers: { prizes, ...spending } },
      budget: '70.00',
    });
    packets = await opened(story, 'payer', {
      closesAt,
      awards: { redPackets: { pot: { amount: '3.00' }, packets: 2, split: 'RANDOM' } },
      budget: '3.00',
    });
    unwanted = await opened(story, 'payer', {
      closesAt,
      expiresAt: momentIn(WINDOW_MS + 1_000),
      awards: { redPackets: { pot: { amount: '5.00' }, packets: 5, split: 'EQUAL' } },
      budget: '5.00',
    });
    return '¥70.00 of vouchers and ¥3.00 of red packets, each committed to a seed before anybody signs up';
  });

  await story.step('signed up for, once a person', async () => {
    holds('the first', await signUp(story, payer, vouchers), { __typename: 'CampaignSignUp', number: 1 });
    holds('again', await signUp(story, payer, vouchers), { __typename: 'AlreadySignedUp' });
    holds('the sponsor', await signUp(story, payer2, vouchers), { __typename: 'NotEligible' });
    holds('for a packet', await signUp(story, payer2, packets), { __typename: 'CampaignSignUp' });
    holds('the seed', await drawOf(payer, vouchers), null);
    return 'the same person again and the sponsor are refused; the seed is not told yet';
  });

  await story.step('drawn so that anybody can compute it again', async () => {
    for (const [campaign, who] of [
      [vouchers, payer],
      [packets, payer2],
    ] as const) {
      const won = await becomes(who, campaign, ({ status }) => status === 'AWARDED' || status === 'ENDED');
      holds('the draw', won, { commitment: campaign.commitment, granted: 1, mySignUp: { outcome: 'WON' } });
      checkDraw((await drawOf(who, campaign))!, campaign.commitment);
    }
    holds('late', await signUp(story, payer2, vouchers), { __typename: 'SignUpClosed' });
    return 'commitment, digest, tickets and winners of both';
  });

  await story.step('spent where it may be spent', () => spent(story, vouchers));
  await story.step('red packets are spent anywhere', () => packetSpent(story, packets));
  await story.step('what nobody signs up for comes back to the sponsor', async () => {
    const { budgetContractId } = unwanted;
    const ended = await becomes(payer, unwanted, ({ status }) => status === 'ENDED');
    holds('the campaign', ended, { status: 'ENDED', granted: 0 });
    const left = async () => (await custodyOf(story, [budgetContractId!]))[0]!.held;
    holds('left in its budget', await settled(left, (held) => held === '0.00').catch(left), '0.00');
    return '¥5.00, by the clock';
  });
}

async function opened(
  story: CourseStory,
  sponsor: 'payer' | 'payer2',
  terms: {
    readonly closesAt: string;
    readonly expiresAt?: string;
    readonly awards: object;
    readonly budget: string;
  },
): Promise<Campaign> {
  const [merchant, who] = [story.person('merchant'), story.person(sponsor)];
  const { closesAt, expiresAt = momentIn(MONTH_MS), awards, budget } = terms;
  const created = await merchant.act<Campaign>(
    'createCampaign',
    {
      idempotencyKey: story.key(),
      name: `活动 ${story.run}`,
      sponsorAccountId: story.account(sponsor),
      awards,
      opensAt: momentIn(0),
      closesAt,
      expiresAt,
    },
    `... on Campaign { ${CAMPAIGN} }`,
  );
  holds('the campaign', created, { __typename: 'Campaign', status: 'DRAFTED', budget: { amount: budget } });
  const input = { campaignId: created.id, walletId: story.wallet(sponsor) };
  const wrong = { ...input, idempotencyKey: story.key(), expectedBudget: { amount: '1.00' } };
  holds('another budget', await who.act('sponsorCampaign', wrong, ''), { __typename: 'AmountMismatch' });
  const sponsored = await who.act<Campaign>(
    'sponsorCampaign',
    { ...input, idempotencyKey: story.key(), expectedBudget: { amount: budget } },
    `... on Campaign { ${CAMPAIGN} }`,
  );
  holds('agreed to', sponsored, { status: 'SPONSORED' });
  const contractId = sponsored.budgetContractId!;
  story.made.contractIds.add(contractId);
  const paying = { idempotencyKey: story.key(), contractId, amount: { amount: budget } };
  const paid = await who.act(
    'fundContract',
    { ...paying, method: byWallet(story.wallet(sponsor)) },
    '... on Payment { status }',
  );
  holds('paid', paid, { status: 'CAPTURED' });
  const open = await becomes(who, created, ({ status }) => status !== 'SPONSORED');
  holds('the campaign', open, { status: 'OPEN' });
  return { ...open, budgetContractId: contractId };
}

function signUp(story: CourseStory, who: Person, { id }: Campaign): Promise<Campaign> {
  const input = { idempotencyKey: story.key(), campaignId: id };
  return who.act<Campaign>('signUpForCampaign', input, '... on CampaignSignUp { number outcome }');
}

function becomes(who: Person, { id }: Campaign, wanted: (campaign: Campaign) => boolean): Promise<Campaign> {
  const ask = () =>
    who.get<Campaign>(`query C($id: ID!) { campaign(id: $id) { __typename ${CAMPAIGN} } }`, { id });
  return settled(ask, wanted).catch(ask);
}

function drawOf(who: Person, { id }: Campaign): Promise<Draw | null> {
  return who.get<Draw | null>(
    `query D($id: ID!) { campaignDraw(campaignId: $id) { lotteryId commitment seed digest signUpCount winners
      signUps { nodes { number signUpId rank amount { amount } } } } }`,
    { id },
  );
}

async function wonBy(story: CourseStory, who: Person, { id }: Campaign): Promise<Voucher> {
  const all = () =>
    who.get<{ readonly nodes: readonly Voucher[] }>(`{ myVouchers(first: 20) { nodes { ${VOUCHER} } } }`);
  const of = ({ nodes }: Awaited<ReturnType<typeof all>>) =>
    nodes.find(({ campaignId }) => campaignId === id);
  const found = of(await settled(all, (answer) => of(answer)?.status === 'ACTIVE'))!;
  story.made.contractIds.add(found.contractId);
  return found;
}

interface Spent {
  readonly __typename: string;
  readonly voucher?: Voucher;
}

function spend(
  story: CourseStory,
  who: Person,
  { id }: Voucher,
  of: { readonly amount: string; readonly at?: string; readonly price?: string; readonly key?: string },
): Promise<Spent> {
  const { amount, at = story.shop, price, key = story.key() } = of;
  return who.act<Spent>(
    'spendVoucher',
    {
      idempotencyKey: key,
      voucherId: id,
      organisationId: at,
      amount: { amount },
      ...(price && { spend: { amount: price } }),
    },
    `... on VoucherPayment { amount { amount } voucher { ${VOUCHER} } }`,
  );
}

async function spent(story: CourseStory, campaign: Campaign): Promise<string> {
  const [payer, merchant] = [story.person('payer'), story.person('merchant')];
  const voucher = await wonBy(story, payer, campaign);
  holds('the voucher', voucher, { balance: { amount: '50.00' } });
  const refusals = [
    ['MerchantNotAllowed', { amount: '30.00', at: story.school }],
    ['BelowMinSpend', { amount: '24.99' }],
    ['ExceedsCap', { amount: '50.01' }],
  ] as const;
  for (const [type, of] of refusals) {
    holds(type, await spend(story, payer, voucher, of), { __typename: type });
  }
  holds('by somebody else', await spend(story, story.person('payer2'), voucher, { amount: '30.00' }), {
    __typename: 'VoucherNotFound',
  });
  const key = story.key();
  const bought = await spend(story, payer, voucher, { amount: '30.00', price: '32.50', key });
  holds('spent', bought, { __typename: 'VoucherPayment', voucher: { balance: { amount: '20.00' } } });
  const again = await spend(story, payer, voucher, { amount: '30.00', price: '32.50', key });
  holds('the same again', again, bought);
  const { nodes } = await settled(
    () =>
      merchant.get<{ readonly nodes: readonly { readonly campaignName: string; readonly amount: Money }[] }>(
        '{ vouchersTaken(first: 20) { nodes { campaignName amount { amount } } } }',
      ),
    (answer) => answer.nodes.some(({ campaignName }) => campaignName.includes(story.run)),
  );
  const taken = nodes.filter(({ campaignName }) => campaignName.includes(story.run));
  holds('taken', sumOf(taken.map(({ amount }) => amount.amount)), '30.00');
  return '¥30.00 of ¥50.00 at the shop; elsewhere, too little, too much and by another person refused';
}

async function packetSpent(story: CourseStory, campaign: Campaign): Promise<string> {
  const payer2 = story.person('payer2');
  const packet = await wonBy(story, payer2, campaign);
  const { amount } = packet.balance;
  if (fen(amount) < 1n || fen(amount) > 299n) holds('the packet', amount, 'between 0.01 and 2.99');
  const done = await spend(story, payer2, packet, { amount, at: story.school });
  holds('spent', done, {
    __typename: 'VoucherPayment',
    voucher: { balance: { amount: '0.00' }, status: 'SPENT' },
  });
  return `¥${yuan(fen(amount))} of ¥3.00, all of it at once`;
}
