import { type Person, settled } from '../../person.js';
import { openWallet, paymentOf, walletBecomes } from '../acts.js';
import { Device, type OfflineToken } from '../device.js';
import { holds } from '../holds.js';
import type { Story } from '../story.js';

interface HardWallet {
  readonly __typename: string;
  readonly id: string;
  readonly permitted: number;
}

interface Synced {
  readonly __typename: string;
  readonly payments: readonly { readonly outcome: string; readonly paymentId: string | null }[];
}

const HARD_WALLET = 'id walletId balance { amount } permitted lastCounter';
const ON_HARD_WALLET = `... on HardWallet { ${HARD_WALLET} }`;

export async function offline(story: Story): Promise<void> {
  story.part('Hard wallets');
  const { payer } = story;
  const device = new Device();
  const walletId = await openWallet(story, payer, '300.00');
  const hard = await loaded(story, walletId, device);
  await synced(story, hard, device);
}

async function loaded(story: Story, walletId: string, device: Device): Promise<HardWallet> {
  const { payer, payer2 } = story;
  let hard: HardWallet = { __typename: '', id: '', permitted: 0 };
  await story.step('a device is registered and loaded from the wallet', async () => {
    const issuing = { idempotencyKey: story.key(), walletId, publicKey: device.publicKey };
    const foreign = await payer2.act('issueHardWallet', issuing, ON_HARD_WALLET);
    holds('for the wallet of another', foreign, { __typename: 'WalletNotFound' });
    hard = await payer.act<HardWallet>('issueHardWallet', issuing, ON_HARD_WALLET);
    holds('hard wallet', hard, { __typename: 'HardWallet', balance: { amount: '0.00' }, lastCounter: 0 });
    const loading = {
      idempotencyKey: story.key(),
      hardWalletId: hard.id,
      amount: { amount: '100.00' },
      counter: 0,
    };
    const after = await payer.act<HardWallet>('loadHardWallet', loading, ON_HARD_WALLET);
    holds('loaded', after, { __typename: 'HardWallet', balance: { amount: '100.00' } });
    holds('the same load again', await payer.act('loadHardWallet', loading, ON_HARD_WALLET), {
      balance: { amount: '100.00' },
    });
    await walletBecomes(payer, walletId, '200.00');
    return `¥100.00 on the device, ${hard.permitted} payments between two loads`;
  });
  return hard;
}

async function synced(story: Story, hard: HardWallet, device: Device): Promise<void> {
  const { school, clerk, payer } = story;
  const bills = await school.issue([{ amount: '30.00' }, { amount: '40.00' }, { amount: '10.00' }]);
  const tokenOf = (counter: number, place: number): OfflineToken => {
    const { id: billId, total } = bills[place]!;
    return device.pay({
      hardWalletId: hard.id,
      counter,
      amount: { amount: total.amount },
      organisationId: school.id,
      billId,
    });
  };
  const paidOffline = [tokenOf(1, 0), tokenOf(2, 1)] as const;

  await story.step('offline payments are brought in, and paid once however often they come', async () => {
    const edited = { ...paidOffline[1], counter: 3, amount: { amount: '0.40' } };
    const first = await bring(story, clerk, [...paidOffline, edited]);
    holds('brought in', first, {
      __typename: 'SyncedOfflinePayments',
      payments: [{ outcome: 'PAID' }, { outcome: 'PAID' }, { outcome: 'INVALID_TOKEN' }],
    });
    const again = await bring(story, clerk, paidOffline);
    holds('brought in again', again.payments, first.payments.slice(0, 2));
    for (const { id } of bills.slice(0, 2)) {
      const bill = await school.billBecomes(id, { status: 'PAID', outstanding: '0.00' });
      holds('payments of the bill', bill.payments, [{ status: 'CAPTURED', channel: 'OFFLINE' }]);
    }
    const payment = await paymentOf(clerk, first.payments[0]!.paymentId!);
    holds('its receipt', payment.receipts, [{ total: { amount: '30.00' }, status: 'ISSUED' }]);
    holds('by a payer', await bring(story, payer, paidOffline), { __typename: 'Forbidden' });
    const wallets = () => payer.get<readonly HardWallet[]>(`{ hardWallets { ${HARD_WALLET} } }`);
    const own = await settled(wallets, (all) => all.some(({ id }) => id === hard.id));
    const seen = own.find(({ id }) => id === hard.id);
    holds('the device as its owner sees it', seen, { balance: { amount: '30.00' }, lastCounter: 2 });
    return '¥30.00 and ¥40.00 once each, an edited token refused';
  });

  await story.step('a counter used twice is a case, one far ahead waits', async () => {
    const spentTwice = await bring(story, clerk, [tokenOf(2, 2)]);
    holds('the counter of another payment', spentTwice.payments, [
      { outcome: 'DOUBLE_SPEND', paymentId: null },
    ]);
    await school.billBecomes(bills[2]!.id, { status: 'ISSUED', outstanding: '10.00' });
    const ask = async () => {
      const { nodes } = await story.ops.get<{ readonly nodes: readonly { readonly openedAt: string }[] }>(
        'query C($filter: CaseFilter) { cases(filter: $filter, first: 250) { nodes { subject priority openedAt facts { name value } } } }',
        { filter: { kinds: ['OFFLINE_DOUBLE_SPEND'], statuses: ['OPEN'] } },
      );
      return nodes.filter(({ openedAt }) => openedAt >= story.startedAt);
    };
    holds('the case', await settled(ask, (nodes) => nodes.length > 0), [{ priority: 'URGENT' }]);
    const ahead = await bring(story, clerk, [tokenOf(hard.permitted + 1, 2)]);
    holds('further ahead than permitted', ahead.payments, [{ outcome: 'TOO_MANY_OFFLINE' }]);
    const loading = { idempotencyKey: story.key(), hardWalletId: hard.id, amount: { amount: '10.00' } };
    const behind = await payer.act('loadHardWallet', { ...loading, counter: 1 }, ON_HARD_WALLET);
    holds('a device that counts behind what it has paid', behind, { __typename: 'CounterBehind' });
    return 'DOUBLE_SPEND with an urgent case, nothing paid; TOO_MANY_OFFLINE; COUNTER_BEHIND';
  });
}

function bring(story: Story, who: Person, tokens: readonly OfflineToken[]): Promise<Synced> {
  const input = { idempotencyKey: story.key(), tokens };
  const fields = '... on SyncedOfflinePayments { payments { counter outcome paymentId } }';
  return who.act<Synced>('syncOfflinePayments', input, fields);
}
