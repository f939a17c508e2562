import { describe, expect, it } from '@jest/globals';
import { change, drop, find, plantedInCore, type PlantedRow, without } from './planting.js';
import { contractsIn } from './custody-log.js';
import { cny } from './synthetic-log.js';

const first = (events: Parameters<typeof find>[0], type: string, stream: string) =>
  find(events, type, stream);

describe('custody', () => {
  it.each<PlantedRow>([
    [
      'a contract that says it holds more',
      (events) => (contractsIn(events, 'k1', 2)['held'] = '1001'),
      ['I13: FundsDeposited.v1 at contract-k1@2: holds 1001, its custody 1000'],
    ],
    [
      'somebody else who takes money out of custody',
      (events) => {
        const [taken] = first(events, 'RefundSent', 'refund-rk1').data['postings'] as { source: string }[];
        taken!.source = 'custody:k1';
      },
      ['I13: RefundSent.v1 at refund-rk1@2: moves -650 of custody:k1'],
    ],
    [
      'money in custody that no total knows',
      (events) => {
        const deposit = first(events, 'FundsDeposited', 'contract-k2');
        deposit.data['totals'] = { funded: '0', released: '0', refunded: '0', held: '0', frozen: '0' };
      },
      [
        'I13: FundsDeposited.v1 at contract-k2@1: holds 0, its custody 150',
        'contracts: FundsDeposited.v1 at contract-k2@1: its totals are not what it has moved',
      ],
    ],
    [
      'totals that do not add up',
      (events) => (contractsIn(events, 'k1', 3)['released'] = '299'),
      ['contracts: FundsReleased.v1 at contract-k1@3: funded 1000, released 299, refunded 0, held 700'],
    ],
    [
      'an end that holds money',
      change('ContractDrafted', 'contract-k2', { status: 'cancelled' }),
      ['contracts: FundsDeposited.v1 at contract-k2@1: after the end'],
    ],
    [
      'splits beside the postings',
      (events) => {
        const [split] = first(events, 'FundsReleased', 'contract-k1').data['splits'] as { amount: string }[];
        split!.amount = '199';
      },
      [
        'contracts: FundsReleased.v1 at contract-k1@3: 300 paid out, its splits are ' +
          'clearing:payout 100, org:school-2:payable 199, its postings clearing:payout 100, org:school-2:payable 200',
      ],
    ],
  ])('%s', async (_, plant, found) => {
    expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
  });
});

describe('funding', () => {
  it.each<PlantedRow>([
    [
      'a deposit of a payment that has captured nothing for the contract',
      change('PaymentInitiated', 'payment-p20', { funding: { contractId: 'k2' } }),
      [
        'I2: PaymentCaptured.v1 at payment-p20@1: for contract k1, agreed was k2',
        'contracts: FundsDeposited.v1 at contract-k1@2: 1000 of payment p20, again or not captured for it',
      ],
    ],
    [
      'a deposit without room for it',
      without('FundingReserved', 'contract-k1'),
      ['contracts: FundsDeposited.v1 at contract-k1@1: 1000 of payment p20, again or not captured for it'],
    ],
    [
      'room kept for nobody',
      (events) => {
        const reserved = first(events, 'FundingReserved', 'contract-k1');
        const closed = first(events, 'ContractDrafted', 'contract-k2');
        closed.type = 'FundingReserved.v1';
        Object.assign(closed.data, { paymentId: 'p21', amount: reserved.data['amount'] });
      },
      ['I5: contract k2 still keeps room for p21'],
    ],
    [
      'a captured payment that no contract has taken in',
      (events) => {
        const deposit = first(events, 'FundsDeposited', 'contract-k1');
        deposit.data['source'] = { kind: 'payment', paymentId: 'p5' };
      },
      ['I5: payment p20: contract k1 has no deposit of it'],
    ],
    [
      'a capture that pays the organisation at once',
      (events) => {
        const postings = first(events, 'PaymentCaptured', 'payment-p20').data['postings'] as {
          destination: string;
        }[];
        postings[1]!.destination = 'org:school-2:payable';
      },
      ['I2: PaymentCaptured.v1 at payment-p20@1: the postings are not what the bills say'],
    ],
    [
      'a bill that is paid by what funds a contract',
      change('PaymentCaptured', 'payment-p20', {
        bills: [{ billId: 'b1', organisationId: 'school-2', amount: cny(1_000) }],
      }),
      ['I2: PaymentCaptured.v1 at payment-p20@1: for contract k1, agreed was k1'],
    ],
    [
      'a plain refund of what funds a contract',
      change('RefundRequested', 'refund-rk1', { refundKind: 'refund' }),
      ['I4: RefundRequested.v2 at refund-rk1@0: of a payment that funds a contract'],
    ],
  ])('%s', async (_, plant, found) => {
    expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
  });
});

describe('payouts', () => {
  it.each<PlantedRow>([
    [
      'a wallet that gets nothing',
      without('WalletCredited', 'wallet-w9'),
      // The case of another payout of k1 explains nothing of this one.
      ['I5: payout k1:lesson:300 to teacher: 0 of 100 have gone on to wallet:w9'],
    ],
    [
      'a wallet that gets it twice',
      (events) => {
        const credit = first(events, 'WalletCredited', 'wallet-w9');
        events.splice(events.indexOf(credit) + 1, 0, {
          ...credit,
          data: { ...credit.data, creditId: 'credit-again' },
        });
      },
      ['payouts: WalletCredited.v1 at wallet-w9@1: 100 that no contract paid out'],
    ],
    [
      'another wallet that gets it',
      (events) => (first(events, 'WalletCredited', 'wallet-w9').stream = 'wallet-w8'),
      ['payouts: WalletCredited.v1 at wallet-w8@0: 100 that no contract paid out'],
    ],
    [
      'a payout past its clearing account',
      (events) => {
        const [, split] = first(events, 'FundsReleased', 'contract-k1').data['splits'] as {
          account: string;
        }[];
        split!.account = 'wallet:w9';
      },
      ['payouts: FundsReleased.v1 at contract-k1@3: 100 to wallet:w9, on to wallet:w9'],
    ],
    [
      'a deposit of what nobody has paid out',
      (events) => {
        const source = { kind: 'contract', contractId: 'k1', releaseId: 'k1:grant:151' };
        first(events, 'FundsDeposited', 'contract-k2').data['source'] = source;
      },
      ['payouts: FundsDeposited.v1 at contract-k2@1: 150 that k1:grant:151 has not paid to it'],
    ],
    [
      'more back to a payment than came from it',
      (events) => {
        const plan = first(events, 'ContractReturnPlanned', 'contractOrigins-k1');
        plan.data['parts'] = [{ origin: { kind: 'payment', paymentId: 'p5' }, amount: cny(650) }];
      },
      [
        'payouts: ContractReturnPlanned.v1 at contractOrigins-k1@0: 650 back to p5, 0 came from it',
        'I3: clearing:payout stands at 50, 700 of it under way',
      ],
    ],
    [
      'a refund to another payment than the plan says',
      change('RefundRequested', 'refund-rk1', { paymentId: 'p5' }),
      [
        'I4: RefundRequested.v2 at refund-rk1@0: of a payment that pays bills',
        'payouts: RefundRequested.v2 at refund-rk1@0: 650 back to payment p5, which no payout of a contract owes it',
      ],
    ],
    [
      'a plan of another amount than was paid out',
      (events) => {
        const plan = first(events, 'ContractReturnPlanned', 'contractOrigins-k1');
        plan.data['unknown'] = cny(1);
      },
      ['payouts: ContractReturnPlanned.v1 at contractOrigins-k1@0: 651 go back, 650 was paid out'],
    ],
    [
      'a refund of a contract out of the organisation’s money',
      (events) => {
        const [sent] = first(events, 'RefundSent', 'refund-rk1').data['postings'] as { source: string }[];
        sent!.source = 'org:school-2:payable';
      },
      ['I4: RefundSent.v1 at refund-rk1@2: money from elsewhere than the payout'],
    ],
    [
      'money in clearing that nobody was told of',
      (events) => drop(events, find(events, 'CaseOpened', 'case-kc')),
      ['I5: payout k1:lost:50 to teacher: 0 of 50 have gone on to wallet:w0'],
    ],
  ])('%s', async (_, plant, found) => {
    expect(await plantedInCore(plant)).toEqual(expect.arrayContaining([...found]));
  });
});
