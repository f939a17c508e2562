import { settled } from '../../person.js';
import {
  type Payment,
  type Wallet,
  ON_WALLET,
  byWallet,
  openWallet,
  paid,
  pay,
  walletBecomes,
  walletOf,
} from '../acts.js';
import { approvalOf, decide } from '../approving.js';
import { dayFromToday } from '../days.js';
import { holds } from '../holds.js';
import { type Money, minus, plus, sumOf } from '../money.js';
import type { Story } from '../story.js';

interface Transfer {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly reference: string | null;
}

interface SubWallet {
  readonly id: string;
  readonly token: string;
}

interface LimitHit extends Payment {
  readonly name: string;
  readonly suggestion: { readonly kind: string; readonly amounts: readonly Money[] | null };
}

/** Of the demo's register: such numbers are nobody's. */
const IDENTITY = { identityName: '学生0001', identityNumber: '999999201001010017' };
const BANK_ACCOUNT = 'payer-account-1';
const ON_TRANSFER = '... on Transfer { id status reference amount { amount } direction }';
const ON_LIMIT =
  '... on LimitExceeded { name limit { amount } used { amount } suggestion { kind amounts { amount } tier until } }';
const ON_SUB_WALLET = '... on SubWallet { id token single { amount } day { amount } open }';

export async function wallets(story: Story): Promise<void> {
  story.part('Wallets');
  const walletId = await opened(story);
  await byBank(story, walletId);
  await singleLimit(story, walletId);
  await upgraded(story, walletId);
  await subWallets(story, walletId);
  await frozen(story, walletId);
  await limitsOfTiers(story);
  await fromPersonToPerson(story, walletId);
}

async function opened(story: Story): Promise<string> {
  const { payer } = story;
  let walletId = '';
  await story.step('a wallet is opened with phone and name', async () => {
    const key = story.key();
    const holder = { institutionId: 'demo-bank-1', name: '学生0001', phone: '10000000001' };
    const input = { idempotencyKey: key, label: key, holder };
    const wallet = await payer.act<Wallet>('openWallet', input, ON_WALLET);
    holds('wallet', wallet, { __typename: 'Wallet', tier: 'IV', frozen: false, balance: { amount: '0.00' } });
    const limits = await payer.get<readonly { readonly tier: string }[]>(
      '{ walletTierLimits { tier balance { amount } single { amount } day { amount } year { amount } } }',
    );
    const ofTier = limits.find(({ tier }) => tier === 'IV');
    holds('limits of the tier', ofTier, { single: { amount: '2000.00' }, day: { amount: '5000.00' } });
    walletId = wallet.id;
    return 'tier IV: ¥2,000.00 a payment, ¥5,000.00 a day';
  });
  return walletId;
}

async function transferBecomes(story: Story, id: string, status: string): Promise<Transfer> {
  const ask = () =>
    story.payer.get<Transfer>(
      'query T($id: ID!) { transfer(id: $id) { id status reference failure { code } } }',
      { id },
    );
  const found = await settled(ask, (one) => one.status === status).catch(ask);
  holds('transfer', found, { status });
  return found;
}

function bankTransfer(story: Story, act: string, walletId: string, amount: string): Promise<Transfer> {
  const input = { idempotencyKey: story.key(), walletId, amount: { amount }, bankAccount: BANK_ACCOUNT };
  return story.payer.act<Transfer>(act, input, ON_TRANSFER);
}

async function byBank(story: Story, walletId: string): Promise<void> {
  const { payer, bank } = story;
  await story.step('topped up and withdrawn by bank', async () => {
    const topUp = await bankTransfer(story, 'topUpFromBank', walletId, '3000.00');
    holds('top-up', topUp, { __typename: 'Transfer' });
    await transferBecomes(story, topUp.id, 'COMPLETED');
    await walletBecomes(payer, walletId, '3000.00');
    holds('at the bank', await bank.effectOf('transfer', topUp.id), { kind: 'collect', moved: 1 });
    const declined = await bankTransfer(story, 'topUpFromBank', walletId, '100.01');
    holds('a top-up that the bank declines', declined, { __typename: 'ChannelDeclined' });
    const out = await bankTransfer(story, 'withdrawFromWallet', walletId, '200.00');
    await transferBecomes(story, out.id, 'COMPLETED');
    await walletBecomes(payer, walletId, '2800.00');
    holds('at the bank', await bank.effectOf('transfer', out.id), { kind: 'payout', moved: 1, returned: 0 });
    return '¥3,000.00 in, ¥200.00 out, each moved once at the bank; a declined one left nothing';
  });

  await story.step('a withdrawal that the payee’s bank sends back', async () => {
    const out = await bankTransfer(story, 'withdrawFromWallet', walletId, '100.07');
    holds('withdrawal', out, { __typename: 'Transfer' });
    await transferBecomes(story, out.id, 'RETURNED');
    await walletBecomes(payer, walletId, '2800.00');
    holds('at the bank', await bank.effectOf('transfer', out.id), { moved: 1, returned: 1 });
    return '¥100.07 went and came back: RETURNED, the wallet is as before';
  });
}

async function singleLimit(story: Story, walletId: string): Promise<void> {
  const { school, payer } = story;
  await story.step('a limit is named, and how to go on', async () => {
    const { id: billId } = await school.one('2500.00');
    const method = byWallet(walletId);
    const named = {
      __typename: 'LimitExceeded',
      name: 'SINGLE',
      limit: { amount: '2000.00' },
      suggestion: { kind: 'SPLIT' },
    };
    const precheck = await payer.get<{ readonly allowed: boolean; readonly refusal: unknown }>(
      `query P($walletId: ID!, $amount: MoneyInput!) { walletPrecheck(walletId: $walletId, amount: $amount) { allowed refusal { __typename ${ON_LIMIT} } } }`,
      { walletId, amount: { amount: '2500.00' } },
    );
    holds('asked before', precheck, { allowed: false, refusal: named });
    const paying = { bills: [{ billId }], total: '2500.00', method };
    const hit = (await pay(story, payer, paying, ON_LIMIT)) as LimitHit;
    holds('payment above the limit', hit, { ...named, code: 'LIMIT_EXCEEDED' });
    const amounts = (hit.suggestion.amounts ?? []).map(({ amount }) => amount);
    holds('the split', sumOf(amounts), '2500.00');
    for (const amount of amounts) await paid(story, payer, { billId, amount, method });
    await school.billBecomes(billId, { status: 'PAID', outstanding: '0.00' });
    return `SINGLE ¥2,000.00; paid as suggested in ${amounts.map((amount) => `¥${amount}`).join(' + ')}`;
  });
}

async function upgraded(story: Story, walletId: string): Promise<void> {
  const { payer } = story;
  await story.step('upgraded with an identity', async () => {
    const asked = { walletId, tier: 'III', ...IDENTITY };
    const upgrade = (input: object): Promise<Wallet> =>
      payer.act<Wallet>('upgradeWallet', { idempotencyKey: story.key(), ...input }, ON_WALLET);
    const unknown = await upgrade({ ...asked, identityNumber: '110101201001010010' });
    holds('an identity that cannot be confirmed', unknown, { __typename: 'IdentityNotConfirmed' });
    const bare = await upgrade({ ...asked, tier: 'II' });
    holds('tier II without a bank account', bare, { __typename: 'EvidenceMissing' });
    holds('wallet', await upgrade(asked), { __typename: 'Wallet', tier: 'III' });
    const { id: billId } = await story.school.one('2100.00');
    await bankTransfer(story, 'topUpFromBank', walletId, '3000.00').then(({ id }) =>
      transferBecomes(story, id, 'COMPLETED'),
    );
    await paid(story, payer, { billId, amount: '2100.00', method: byWallet(walletId) });
    return 'tier III, and ¥2,100.00 go in one payment; refused without evidence';
  });
}

async function subWallets(story: Story, walletId: string): Promise<void> {
  const { school, payer, bursar } = story;
  let sub: SubWallet = { id: '', token: '' };
  await story.step('a sub-wallet pushed to the school, which sees a token only', async () => {
    const limits = { single: { amount: '100.00' }, day: { amount: '150.00' } };
    const input = {
      idempotencyKey: story.key(),
      walletId,
      organisationId: school.id,
      scene: 'canteen',
      ...limits,
    };
    sub = await payer.act<SubWallet>('pushSubWallet', input, ON_SUB_WALLET);
    holds('sub-wallet', sub, { __typename: 'SubWallet', open: true, ...limits });
    const pushed = () =>
      bursar.get<{ readonly nodes: readonly { readonly token: string }[] }>(
        'query S($id: ID!) { pushedSubWallets(organisationId: $id, first: 20) { nodes { token scene single { amount } open } } }',
        { id: school.id },
      );
    const seen = await settled(pushed, ({ nodes }) => nodes.some(({ token }) => token === sub.token));
    const one = seen.nodes.find(({ token }) => token === sub.token);
    holds('what the school sees', one, { scene: 'canteen', single: limits.single, open: true });
    const fields = await bursar.get<{ readonly fields: readonly { readonly name: string }[] }>(
      '{ __type(name: "PushedSubWallet") { fields { name } } }',
    );
    const telling = fields.fields
      .map(({ name }) => name)
      .filter((name) => /wallet|owner|account|payer|person/i.test(name));
    holds('fields that tell whose it is', telling, []);
    return 'token, scene and limits; nothing of the person or the wallet';
  });

  await story.step('paid with, re-limited and closed, each at once', async () => {
    const [first, second] = await school.issue([{ amount: '90.00' }, { amount: '110.00' }]);
    const method = byWallet(walletId, sub.id);
    const part = (billId: string, amount: string): Promise<Payment> =>
      pay(story, payer, { bills: [{ billId, amount }], total: amount, method }, ON_LIMIT);
    holds('by the sub-wallet', await part(first!.id, '90.00'), { status: 'CAPTURED' });
    const single = await part(second!.id, '110.00');
    holds('above its single limit', single, { __typename: 'LimitExceeded', name: 'SUB_WALLET_SINGLE' });
    const day = await part(second!.id, '70.00');
    holds('above its day limit', day, { __typename: 'LimitExceeded', name: 'SUB_WALLET_DAY' });
    const sub2 = { idempotencyKey: story.key(), walletId, subWalletId: sub.id };
    const limits = { single: { amount: '100.00' }, day: { amount: '170.00' } };
    const relimited = await payer.act('relimitSubWallet', { ...sub2, ...limits }, ON_SUB_WALLET);
    holds('re-limited', relimited, { __typename: 'SubWallet', ...limits });
    holds('within the new day limit', await part(second!.id, '70.00'), { status: 'CAPTURED' });
    const closing = { ...sub2, idempotencyKey: story.key() };
    holds('closed', await payer.act('closeSubWallet', closing, ''), { __typename: 'SubWalletTakenBack' });
    holds('after it was closed', await part(second!.id, '20.00'), { __typename: 'SubWalletClosed' });
    return 'SUB_WALLET_SINGLE and SUB_WALLET_DAY named; higher at once, closed at once';
  });
}

async function frozen(story: Story, walletId: string): Promise<void> {
  const { school, payer, ops } = story;
  await story.step('frozen and thawed by operations', async () => {
    const { id: billId } = await school.one('25.00');
    const paying = { bills: [{ billId }], total: '25.00', method: byWallet(walletId) };
    const act = (who: typeof ops, name: string): Promise<Wallet> => {
      const input = { idempotencyKey: story.key(), walletId, reason: '核查' };
      return who.act<Wallet>(name, input, ON_WALLET);
    };
    const { balance } = await walletOf(payer, walletId);
    holds('freezing by the owner', await act(payer, 'freezeWallet'), { __typename: 'Forbidden' });
    holds('frozen', await act(ops, 'freezeWallet'), { frozen: true });
    holds('a payment', await pay(story, payer, paying), {
      __typename: 'WalletFrozen',
      code: 'WALLET_FROZEN',
    });
    const out = await bankTransfer(story, 'withdrawFromWallet', walletId, '1.00');
    holds('a withdrawal', out, { __typename: 'WalletFrozen' });
    await walletBecomes(payer, walletId, balance.amount);
    holds('thawed', await act(ops, 'thawWallet'), { frozen: false });
    const payment = await pay(story, payer, paying);
    holds('a payment afterwards', payment, { status: 'CAPTURED' });
    return 'nothing leaves a frozen wallet; thawed, it pays';
  });
}

async function limitsOfTiers(story: Story): Promise<void> {
  const { ops, supervisor, payer } = story;
  await story.step('limits of a tier wait for a second person', async () => {
    const limits = {
      tier: 'IV',
      single: { amount: '1900.00' },
      day: { amount: '4900.00' },
      year: { amount: '49000.00' },
    };
    const asking = {
      idempotencyKey: story.key(),
      ...limits,
      balance: { amount: '9900.00' },
      reason: '监管要求',
    };
    const act = (who: typeof ops, from: string): Promise<{ readonly id: string }> =>
      who.act('setTierLimits', { ...asking, from }, '... on TierLimitsProposal { id from }');
    holds('by a payer', await act(payer, dayFromToday(30)), { __typename: 'Forbidden' });
    holds('for today', await act(ops, dayFromToday(0)), { __typename: 'LimitsForThePast' });
    const proposed = await act(ops, dayFromToday(30));
    holds('proposal', proposed, { __typename: 'TierLimitsProposal', from: dayFromToday(30) });
    const shown = await approvalOf(ops, proposed.id);
    holds('what is to be approved', shown, { kind: 'WALLET_LIMITS', status: 'PENDING', mayDecide: false });
    holds('by the person who asked', await decide(ops, shown), { __typename: 'SamePerson' });
    holds('by the school', await decide(supervisor, shown), { __typename: /^(Forbidden|ApprovalNotFound)$/ });
    return 'proposed by operations; neither they nor the school can approve it alone';
  });
}

interface Collection {
  readonly __typename: string;
  readonly content: string;
}

async function fromPersonToPerson(story: Story, walletId: string): Promise<void> {
  const { payer, payer2, supervisor } = story;
  await story.step('from person to person by a QR code', async () => {
    const theirs = await openWallet(story, payer2, '200.00');
    const before = (await walletOf(payer, walletId)).balance.amount;
    const asking = { idempotencyKey: story.key(), walletId, amount: { amount: '66.00' } };
    const asked = await payer.act<Collection>(
      'requestCollection',
      asking,
      '... on Collection { id content amount { amount } status }',
    );
    holds('collection', asked, { __typename: 'Collection', status: 'OPEN', amount: { amount: '66.00' } });
    const { content } = asked;
    const read = 'query C($content: String!) { collection(content: $content) { amount { amount } status } }';
    holds('as scanned', await payer2.get(read, { content }), { amount: { amount: '66.00' }, status: 'OPEN' });
    const confirm = (who: typeof payer, input: object): Promise<Transfer> =>
      who.act<Transfer>(
        'confirmCollection',
        { content, expectedAmount: { amount: '66.00' }, ...input },
        ON_TRANSFER,
      );
    const own = await confirm(payer, { idempotencyKey: story.key(), walletId });
    holds('by who asked', own, { __typename: 'OwnCollection' });
    const paying = { idempotencyKey: story.key(), walletId: theirs };
    const other = { ...paying, idempotencyKey: story.key(), expectedAmount: { amount: '6.60' } };
    const wrong = await confirm(payer2, other);
    holds('another amount', wrong, { __typename: 'AmountMismatch' });
    const done = await confirm(payer2, paying);
    holds('paid', done, { __typename: 'Transfer', status: 'COMPLETED', direction: 'OUT' });
    holds('paid again', await confirm(payer2, paying), { id: done.id, status: 'COMPLETED' });
    await walletBecomes(payer, walletId, plus(before, '66.00'));
    await walletBecomes(payer2, theirs, minus('200.00', '66.00'));
    holds('seen by others', await supervisor.get(read, { content }), null);
    return '¥66.00 once; own code and another amount refused';
  });
}
