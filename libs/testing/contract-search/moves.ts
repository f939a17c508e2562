/** The fixed alphabet that a contract is tried out with: derived from its template, a few of everything that could be asked of it. */
import type { Instant } from '#libs/kernel/time/index.js';
import type { AmountTerms, ConditionTerms, RuleTerms } from '#libs/contracts/domain/template/types.js';
import { act, CONTRACT_ID, dueOf, tick, type Asked, type Move } from './act.js';
import { amendment, disputes, topUps } from './rarer-moves.js';
import type { Setup } from './setup.js';

const DAY_MS = 86_400_000;

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
