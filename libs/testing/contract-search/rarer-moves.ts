/** Moves that go by no rule: disputes, votes, top-ups, amendments. */
import { asId } from '#libs/kernel/ids/index.js';
import { act, HASH, type Move, type Stand } from './act.js';
import type { Setup } from './setup.js';

export function disputes(setup: Setup): readonly Move[] {
  const { by, resolve } = setup.template.dispute;
  const role = by[0]!;
  const unitRule = setup.template.rules.find((rule) => rule.cooling !== undefined);
  const subjects = unitRule ? [null, { ruleId: unitRule.id, dedupeKey: '1' }] : [null];
  const opens = subjects.map((subject): Move => ({
    name: `dispute ${subject ? 'unit' : 'all'}`,
    commands: ({ events, nowMs }) => [
      act(setup, role, nowMs, {
        kind: 'dispute',
        disputeId: `dispute-${events.length}`,
        subject,
        reasonCode: 'OTHER',
      }),
    ],
  }));
  const votes = (['release', 'refund', 'thaw'] as const).map((outcome): Move => ({
    name: `everybody votes ${outcome}`,
    commands: ({ events, nowMs }) => {
      const open = events.findLast(({ type }) => type === 'DisputeOpened');
      if (open?.type !== 'DisputeOpened') return [];
      const { disputeId } = open.data;
      return resolve.of
        .slice(0, resolve.k)
        .map((voter) => act(setup, voter, nowMs, { kind: 'vote', disputeId, outcome }));
    },
  }));
  return [...opens, ...votes];
}

export function topUps(setup: Setup): readonly Move[] {
  const role = setup.template.funding.from;
  const amount = BigInt(setup.deposit) / 2n;
  const paymentOf = ({ events }: Stand) => asId<'payment'>(`payment-at-${events.length}`);
  const reserve = (stand: Stand) =>
    act(setup, role, stand.nowMs, { kind: 'reserveFunding', paymentId: paymentOf(stand), amount });
  const open = ({ events }: Stand) => events.findLast(({ type }) => type === 'FundingReserved');
  return [
    {
      name: 'top up',
      commands: (stand) => {
        const paymentId = paymentOf(stand);
        const source = { kind: 'payment', paymentId } as const;
        const deposit = { kind: 'deposit', depositId: paymentId, source, amount } as const;
        return [reserve(stand), act(setup, role, stand.nowMs, deposit)];
      },
    },
    { name: 'reserve a top-up', commands: (stand) => [reserve(stand)] },
    {
      name: 'deposit what was reserved last',
      commands: (stand) => {
        const found = open(stand);
        if (found?.type !== 'FundingReserved') return [];
        const { paymentId, amount: promised } = found.data;
        const source = { kind: 'payment', paymentId } as const;
        const deposit = { kind: 'deposit', depositId: paymentId, source, amount: promised } as const;
        return [act(setup, role, stand.nowMs, deposit)];
      },
    },
    {
      name: 'release the last reservation',
      commands: (stand) => {
        const found = open(stand);
        if (found?.type !== 'FundingReserved') return [];
        const { paymentId } = found.data;
        return [act(setup, role, stand.nowMs, { kind: 'releaseFunding', paymentId })];
      },
    },
  ];
}

export function amendment(setup: Setup, changed: NonNullable<Setup['amended']>): Move {
  const signers = Object.keys(setup.template.roles).filter(
    (role) => setup.template.roles[role]!.signs === true,
  );
  return {
    name: 'amend',
    commands: ({ events, nowMs }) => {
      const amendmentId = `amendment-${events.length}`;
      const { template } = setup;
      const params = { ...setup.params, ...changed };
      const proposal = { template, templateHash: HASH, params, reason: 'price', docHash: 'b'.repeat(64) };
      return [
        act(setup, signers[0]!, nowMs, { kind: 'proposeAmendment', amendmentId, ...proposal }),
        ...signers.map((role) =>
          act(setup, role, nowMs, {
            kind: 'signAmendment',
            amendmentId,
            role,
            signature: {
              keyId: `account:${role}`,
              alg: 'account' as const,
              docHash: 'b'.repeat(64),
              sig: '',
            },
          }),
        ),
      ];
    },
  };
}
