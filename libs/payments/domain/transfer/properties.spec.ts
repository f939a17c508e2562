import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { transferDecider, type BankAct, type TransferCommand, type TransferState } from './index.js';

const transferId = asId<'transfer'>('6f1d2c3b-4a59-8687-9788-a9bacbdcedfe');
const tenant = asId<'tenant'>('demo');
const at = parseInstant('2026-09-01T00:00:00Z');
const later = parseInstant('2026-09-02T00:00:00Z');
const amount = money(CNY, 100n);
const failure = { code: 'CHANNEL_DECLINED', message: 'x' };
const asked = {
  transferId,
  tenant,
  account: 'payer-1',
  inputHash: 'a'.repeat(64),
  amount,
  walletId: asId<'wallet'>('w1'),
};

const begins: readonly TransferCommand[] = [
  { kind: 'request', request: { ...asked, kind: 'topUp', bankAccount: 'b', requestedAt: at } },
  { kind: 'request', request: { ...asked, kind: 'withdrawal', bankAccount: 'b', requestedAt: at } },
  { kind: 'offer', offer: { ...asked, expiresAt: later, offeredAt: at } },
];
const acts: readonly BankAct[] = ['collect', 'payout', 'refund'];
const step = fc.constantFrom<TransferCommand>(
  { kind: 'confirm', tenant, payer: 'payer-2', walletId: asId('w2'), expected: amount, at },
  ...acts.map((act) => ({ kind: 'seek', act, expiresAt: later, at }) as const),
  ...acts.map((act) => ({ kind: 'succeed', act, reference: 'r', at }) as const),
  { kind: 'loseTrack', reason: 'x', at },
  { kind: 'take', at },
  { kind: 'refuse', failure, at },
  ...acts.map((act) => ({ kind: 'refuse', act, failure, at }) as const),
  { kind: 'fail', at },
  { kind: 'undeliver', failure, at },
  { kind: 'complete', at },
  { kind: 'return', reference: 'r', reason: 'x', at },
  { kind: 'giveBack', at },
);

describe('a refusal', () => {
  const started: readonly TransferCommand[] = [
    begins[1]!,
    { kind: 'seek', act: 'payout', expiresAt: later, at },
  ];
  const after = (commands: readonly TransferCommand[]): TransferState =>
    commands.reduce<TransferState>((state, command) => {
      const decision = transferDecider.decide(command, state);
      if (!decision.accepted) throw new Error(decision.rejection.code);
      return decision.events.reduce(transferDecider.evolve, state);
    }, transferDecider.initial);

  it('of the start says nothing once somebody else has asked the institution', () => {
    expect(after([...started, { kind: 'refuse', failure, at }])).toMatchObject({ status: 'sought' });
    expect(after([...started.slice(0, 1), { kind: 'refuse', failure, at }])).toMatchObject({
      status: 'refused',
    });
  });

  it('of the institution counts for what it was asked', () => {
    const declined = (act: BankAct) => ({ kind: 'refuse', act, failure, at }) as const;
    expect(after([...started, declined('payout')])).toMatchObject({ status: 'refused' });
    expect(after([...started, declined('collect')])).toMatchObject({ status: 'sought' });
    expect(after([...started.slice(0, 1), declined('payout')])).toMatchObject({ status: 'requested' });
  });
});

describe('any sequence of steps of a transfer', () => {
  it('moves the amount at most once each way, and leaves nothing between at its end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...begins),
        fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
        (begin, steps) => {
          let state: TransferState = transferDecider.initial;
          const accounts = new Map<string, bigint>();
          let ended = false;
          for (const command of [begin, ...steps, ...steps]) {
            const decision = transferDecider.decide(command, state);
            for (const event of decision.accepted ? decision.events : []) {
              state = transferDecider.evolve(state, event);
              for (const { source, destination } of 'postings' in event.data
                ? (event.data.postings ?? [])
                : []) {
                accounts.set(source, (accounts.get(source) ?? 0n) - 1n);
                accounts.set(destination, (accounts.get(destination) ?? 0n) + 1n);
              }
            }
            if (state.status === 'absent') throw new Error('The transfer is gone.');
            for (const [account, times] of accounts) {
              // Clearing holds it on its way; out of a hold it goes once; the bank has it, or we do.
              const allowed = account.startsWith('clearing:') ? [0n, 1n] : [-1n, 0n, 1n];
              expect({ account, times, allowed: allowed.includes(times) }).toEqual({
                account,
                times,
                allowed: true,
              });
            }
            // What is at its end stays there, but for money that comes late or comes back.
            if (ended)
              expect(['failed', 'late', 'sought', 'completed', 'returned', 'givenBack']).toContain(
                state.status,
              );
            ended ||= state.status === 'failed' || state.status === 'completed';
            if (state.status === 'failed' && state.kind === 'topUp') {
              expect(accounts.get('clearing:operator') ?? 0n).toBe(0n);
            }
          }
        },
      ),
      { numRuns: 300, seed: 20_260_901 },
    );
  });
});
