/** The fixed alphabet that a contract is tried out with: derived from its template, a few of everything that could be asked of it. */
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { WEEKDAYS } from '#libs/contracts/domain/calendar/index.js';
import type { ContractCommand, ContractEvent } from '#libs/contracts/domain/release-contract/messages.js';
import type { AmountTerms, ConditionTerms, RuleTerms } from '#libs/contracts/domain/template/types.js';
import type { Setup } from './setup.js';

export const CONTRACT_ID = asId<'contract'>('00000000-0000-8000-8000-000000000001');
const HASH = 'a'.repeat(64);
const DAY_MS = 86_400_000;

/** Where a trial stands. */
export interface Stand {
  readonly nowMs: number;
  readonly events: readonly ContractEvent[];
}

export interface Move {
  readonly name: string;
  /** One or several commands in a row; none where the move makes no sense now. */
  readonly commands: (stand: Stand) => readonly ContractCommand[];
  /** Where the clock stands before the commands; default a second later. */
  readonly at?: (stand: Stand) => number;
}

type Asked = ContractCommand extends infer One
  ? One extends unknown
    ? Omit<One, 'at' | 'by' | 'calendar'>
    : never
  : never;

export function act(setup: Setup, role: string, nowMs: number, asked: Asked): ContractCommand {
  const party = setup.parties.find((one) => one.role === role);
  const partyId = role === 'system' ? 'system:clock' : (party?.partyId ?? `anybody-${role}`);
  const at = new Date(nowMs).toISOString() as Instant;
  return { ...asked, at, by: { role, partyId }, calendar: WEEKDAYS } as ContractCommand;
}

/** Drafted, signed by everybody, funded: the way into force. */
export function opening(setup: Setup): readonly ContractCommand[] {
  const { template, params, parties } = setup;
  const nowMs = Date.parse(setup.start);
  const signers = Object.keys(template.roles).filter((role) => template.roles[role]!.signs === true);
  const amount = BigInt(setup.deposit);
  const paymentId = asId<'payment'>('payment-1');
  const first = signers[0]!;
  return [
    act(setup, first, nowMs, {
      kind: 'draft',
      contractId: CONTRACT_ID,
      tenant: asId<'tenant'>('tenant-1'),
      organisationId: asId<'organisation'>('school-1'),
      inputHash: HASH,
      subject: 'contract-1',
      template,
      templateHash: HASH,
      params,
      parties,
      docHash: HASH,
      region: 'CN',
    } as Asked),
    ...signers.map((role) =>
      act(setup, role, nowMs, {
        kind: 'sign',
        role,
        signature: { keyId: `account:${role}`, alg: 'account', docHash: HASH, sig: '' },
      }),
    ),
    act(setup, template.funding.from, nowMs, { kind: 'reserveFunding', paymentId, amount }),
    act(setup, template.funding.from, nowMs, {
      kind: 'deposit',
      depositId: 'payment-1',
      source: { kind: 'payment', paymentId },
      amount,
    }),
  ];
}

export function movesOf(setup: Setup): readonly Move[] {
  const { template } = setup;
  return [
    ...template.rules.flatMap((rule) => movesOfRule(setup, rule)),
    ...disputes(setup),
    ...(template.funding.mode === 'topup' ? topUps(setup) : []),
    ...(setup.amended ? [amendment(setup, setup.amended)] : []),
    tick('tick after a day', ({ nowMs }) => nowMs + DAY_MS, setup),
    tick('tick when due', ({ events, nowMs }) => Math.max(nowMs, dueOf(events) ?? nowMs), setup),
  ];
}

/** Epoch ms at which the clock has something to do; undefined: never. */
export function dueOf(events: readonly ContractEvent[]): number | undefined {
  const due = events.at(-1)?.data.nextDueAt;
  return due ? Date.parse(due) : undefined;
}

export function tick(name: string, at: (stand: Stand) => number, setup: Setup): Move {
  return { name, at, commands: ({ nowMs }) => [act(setup, 'system', nowMs, { kind: 'tick' })] };
}

function one(setup: Setup, name: string, role: string, asked: Asked): Move {
  return { name, commands: ({ nowMs }) => [act(setup, role, nowMs, asked)] };
}

function movesOfRule(setup: Setup, rule: RuleTerms): readonly Move[] {
  const parts = partsOf(rule.when);
  const moves: Move[] = [];
  const perUnit = parts.some((part) => 'attested' in part);
  for (const part of parts) {
    if ('attested' in part) {
      moves.push(
        attest(setup, rule, '1', 'first'),
        attest(setup, rule, '2', 'second'),
        attest(setup, rule, '1', 'other'),
      );
    } else if ('approved' in part) {
      for (const role of part.approved.of.slice(0, part.approved.k + 1)) {
        const unit = { ruleId: rule.id, dedupeKey: perUnit ? '1' : '' };
        moves.push(
          one(setup, `${role} approves ${rule.id}`, role, { kind: 'approve', ...unit, decision: 'approve' }),
        );
      }
      const [doubter] = part.approved.of;
      const unit = { ruleId: rule.id, dedupeKey: perUnit ? '1' : '' };
      if (part.approved.k > 1)
        moves.push(
          one(setup, `${doubter} refuses ${rule.id}`, doubter!, {
            kind: 'approve',
            ...unit,
            decision: 'reject',
          }),
        );
    } else if ('claimed' in part) {
      const { by } = part.claimed;
      moves.push(claim(setup, rule, by, 3n), claim(setup, rule, by, 1n));
    } else if ('preimage' in part) {
      const preimageHash = String(setup.params[part.preimage.slice(1)]);
      moves.push(
        one(setup, `secret of ${rule.id}`, 'anybody', {
          kind: 'reveal',
          ruleId: rule.id,
          preimage: '00',
          preimageHash,
        }),
      );
    }
  }
  if ('linear' in rule.amount) {
    const payee = typeof rule.to === 'string' ? rule.to : rule.to[0]!.to;
    moves.push(one(setup, `draw ${rule.id}`, payee, { kind: 'draw', ruleId: rule.id }));
  }
  if (rule.cooling !== undefined) {
    const role = rule.confirmedBy?.[0] ?? setup.template.funding.from;
    moves.push(
      one(setup, `confirm ${rule.id} 1`, role, {
        kind: 'confirm',
        ruleId: rule.id,
        dedupeKey: perUnit ? '1' : '',
      }),
    );
  }
  return moves;
}

function partsOf(when: ConditionTerms): readonly ConditionTerms[] {
  if ('all' in when) return when.all.flatMap(partsOf);
  if ('any' in when) return when.any.flatMap(partsOf);
  return [when];
}

function attest(setup: Setup, rule: RuleTerms, key: string, which: 'first' | 'second' | 'other'): Move {
  const part = partsOf(rule.when).find((one) => 'attested' in one);
  if (!part || !('attested' in part)) throw new Error('A rule without evidence.');
  const attestor = setup.template.attestors![part.attested.by]!;
  const keys = setup.params[attestor.keys.slice(1)] as readonly { keyId: string; alg: 'Ed25519' }[];
  const payload: Record<string, unknown> = { note: which, ...amounts(rule.amount, which) };
  for (const [pointer, value] of Object.entries(part.attested.where ?? {})) payload[pointer.slice(1)] = value;
  payload[part.attested.dedupe.slice(1)] = key;
  const signatures = keys.slice(0, attestor.k).map(({ keyId, alg }) => ({ keyId, alg, sig: 'c2ln' }));
  return {
    name: `attest ${rule.id} ${key} ${which}`,
    commands: ({ nowMs }) => [
      act(setup, 'anybody', nowMs, {
        kind: 'attest',
        evidenceId: `${rule.id}-${which}`,
        statement: {
          contractId: CONTRACT_ID,
          rule: rule.id,
          schema: attestor.schema,
          dedupeKey: key,
          payload,
          observedAt: new Date(nowMs).toISOString() as Instant,
        },
        statementHash: `${which}${rule.id}`.padEnd(64, '0').slice(0, 64),
        signatures,
      }),
    ],
  };
}

function amounts(amount: AmountTerms, which: string): Record<string, unknown> {
  const small = which === 'first';
  if ('metered' in amount) return { [amount.metered.reading.slice(1)]: small ? '10.5' : '31.7' };
  if ('evidence' in amount) return { [amount.evidence.slice(1)]: small ? '1000' : '2500' };
  return {};
}

/** A third of the deposit with the first claim, and everything and one more with a second one. */
function claim(setup: Setup, rule: RuleTerms, role: string, part: bigint): Move {
  const amount = part === 1n ? BigInt(setup.deposit) + 1n : BigInt(setup.deposit) / part;
  const merchants = partsOf(rule.when).find((one) => 'claimed' in one);
  const list = merchants && 'claimed' in merchants ? merchants.claimed : undefined;
  const first = (text: string | undefined, otherwise: string) => {
    const [named = '*'] = text === undefined ? [] : (setup.params[text.slice(1)] as readonly string[]);
    return named === '*' ? otherwise : named;
  };
  const merchantId = first(list?.merchants, 'merchant-1');
  const mcc = first(list?.mcc, '5411');
  return {
    name: `claim ${rule.id} ${amount}`,
    commands: ({ events, nowMs }) => [
      act(setup, role, nowMs, {
        kind: 'claim',
        ruleId: rule.id,
        claimId: `claim-${events.length}`,
        amount,
        spend: amount * 100n,
        merchantId,
        mcc,
        merchantAccount: `org:${merchantId}:payable`,
      }),
    ],
  };
}

function disputes(setup: Setup): readonly Move[] {
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

function topUps(setup: Setup): readonly Move[] {
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

function amendment(setup: Setup, changed: NonNullable<Setup['amended']>): Move {
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
