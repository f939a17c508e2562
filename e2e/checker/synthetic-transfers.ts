import { credited, onTransfer, onWallet, posting } from './drafts.js';
import { cny, type DraftEvent } from './synthetic-log.js';

/** 1,000 fen in by the bank, 400 out which come back, 100 to another person. */
export function transfers(): DraftEvent[] {
  const asked = (id: string, kind: string, minor: number): DraftEvent =>
    onTransfer('TransferRequested', id, { tenant: 'demo-bank', amount: cny(minor), walletId: 'w1', kind });
  const seek = (id: string, act: string): DraftEvent =>
    onTransfer('TransferSought', id, { act, operationId: `transfer-${id}` });
  const hold = (id: string, minor: number): DraftEvent =>
    onWallet('WalletHoldPlaced', {
      paymentId: id,
      amount: cny(minor),
      businessDate: '2026-09-01',
      postings: [posting('wallet:w1', `hold:${id}`, minor)],
    });
  const spent = (id: string, minor: number): DraftEvent =>
    onWallet('WalletHoldSpent', { paymentId: id, amount: cny(minor) });
  const [world, clearing] = ['world:operator', 'clearing:operator'];
  return [
    asked('t1', 'topUp', 1_000),
    seek('t1', 'collect'),
    onTransfer('TransferTaken', 't1', { postings: [posting(world, clearing, 1_000)] }),
    credited('transfer-t1', 1_000, clearing),
    onTransfer('TransferCompleted', 't1'),
    asked('t2', 'withdrawal', 400),
    hold('t2', 400),
    seek('t2', 'payout'),
    onTransfer('TransferTaken', 't2', {
      postings: [posting('hold:t2', clearing, 400), posting(clearing, world, 400)],
    }),
    spent('t2', 400),
    onTransfer('TransferCompleted', 't2'),
    onTransfer('TransferReturned', 't2', { postings: [posting(world, clearing, 400)] }),
    credited('transferBack-t2', 400, clearing),
    onTransfer('TransferGivenBack', 't2'),
    onWallet('WalletOpened', { tenant: 'demo-bank', owner: 'payer-2' }, 'w2'),
    onTransfer('CollectionOffered', 't3', { tenant: 'demo-bank', amount: cny(100), walletId: 'w2' }),
    onTransfer('CollectionConfirmed', 't3', { payer: 'payer-1', walletId: 'w1' }),
    hold('t3', 100),
    onTransfer('TransferTaken', 't3', { postings: [posting('hold:t3', 'clearing:wallets', 100)] }),
    credited('transfer-t3', 100, 'clearing:wallets', 'w2'),
    spent('t3', 100),
    onTransfer('TransferCompleted', 't3'),
  ];
}
