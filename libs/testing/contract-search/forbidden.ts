/** What nobody may ever do: accepted once, wherever a contract stands, it is a breach. */
import { asId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { CheckedSignature, ContractCommand } from '#libs/contracts/domain/release-contract/messages.js';
import { act, type Move } from './act.js';
import { movesOf } from './moves.js';
import type { Setup } from './setup.js';

const YEAR_MS = 366 * 86_400_000;

export function forbiddenMoves(setup: Setup): readonly Move[] {
  const { template } = setup;
  const signers = Object.keys(template.roles).filter((role) => template.roles[role]!.signs === true);
  const moves = movesOf(setup);
  return [
    ...moves.filter(({ name }) => name.endsWith(' first')).flatMap(wrongEvidence),
    ...moves.filter(({ name }) => / approves |^confirm |^claim |^dispute /.test(name)).map(byAStranger),
    ...moves.filter(({ name }) => name.startsWith('confirm ')).map(byThePayee(setup)),
    ...moves.filter(({ name }) => / first$| approves |^claim |^draw /.test(name)).map(backInTime),
    {
      name: 'deposits what nobody has promised room for',
      commands: ({ events, nowMs }) => {
        const paymentId = asId<'payment'>(`unpromised-${events.length}`);
        const source = { kind: 'payment', paymentId } as const;
        const amount = BigInt(setup.deposit) * 1_000n;
        return [
          act(setup, template.funding.from, nowMs, { kind: 'deposit', depositId: paymentId, source, amount }),
        ];
      },
    },
    {
      name: 'signs another document',
      commands: ({ nowMs }) => {
        const role = signers[0]!;
        const signature = { keyId: 'account:x', alg: 'account', docHash: 'e'.repeat(64), sig: '' } as const;
        return [act(setup, role, nowMs, { kind: 'sign', role, signature })];
      },
    },
    {
      name: 'withdraws the draft of what is funded',
      commands: ({ nowMs }) => [act(setup, signers[0]!, nowMs, { kind: 'withdrawDraft', reason: 'x' })],
    },
  ];
}

type Attest = Extract<ContractCommand, { kind: 'attest' }>;

function wrongEvidence(move: Move): readonly Move[] {
  const alter = (name: string, change: (command: Attest) => Partial<Attest>): Move => ({
    name: `${name}: ${move.name}`,
    commands: (stand) =>
      move.commands(stand).map((command) => {
        // Another unit each time: what was accepted before must not be what refuses it.
        const attest = fresh(command as Attest, stand.events.length);
        return { ...attest, ...change(attest) } as ContractCommand;
      }),
  });
  const unknown: CheckedSignature = { keyId: 'k1-ffffffffffffffff', alg: 'Ed25519', sig: 'c2ln' };
  return [
    alter('unsigned', () => ({ signatures: [] })),
    alter('signed by a stranger', () => ({ signatures: [unknown] })),
    alter('of another schema', ({ statement }) => ({ statement: { ...statement, schema: 'other.v1' } })),
    alter('of another contract', ({ statement }) => ({
      statement: { ...statement, contractId: asId<'contract'>('00000000-0000-8000-8000-000000000002') },
    })),
    alter('of another unit than it says', ({ statement }) => ({
      statement: { ...statement, dedupeKey: 'else' },
    })),
    alter('from the future', ({ statement, at }) => ({
      statement: { ...statement, observedAt: later(at, YEAR_MS) },
    })),
    alter('from before the contract', ({ statement, at }) => ({
      statement: { ...statement, observedAt: later(at, -2 * YEAR_MS) },
    })),
  ];
}

function fresh(command: Attest, number: number): Attest {
  const { statement } = command;
  const key = `fresh-${number}`;
  const payload = Object.fromEntries(
    Object.entries(statement.payload).map(([name, value]) => [
      name,
      value === statement.dedupeKey ? key : value,
    ]),
  );
  const statementHash = `fresh${number}`.padEnd(64, '0');
  return { ...command, statement: { ...statement, dedupeKey: key, payload }, statementHash };
}

function later(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString() as Instant;
}

/** A millisecond before the last thing that happened. */
function backInTime(move: Move): Move {
  return {
    name: `back in time: ${move.name}`,
    commands: ({ events, nowMs }) => {
      const last = events.at(-1);
      return move.commands({ events, nowMs: last ? Date.parse(last.data.at) - 1 : nowMs });
    },
  };
}

function byAStranger(move: Move): Move {
  return {
    name: `a stranger: ${move.name}`,
    commands: (stand) =>
      move
        .commands(stand)
        .map((command) => ({ ...command, by: { ...command.by, partyId: 'party-stranger' } })),
  };
}

/** Nobody consents to being paid. */
function byThePayee(setup: Setup): (move: Move) => Move {
  return (move) => ({
    name: `the payee: ${move.name}`,
    commands: (stand) =>
      move.commands(stand).map((command) => {
        if (command.kind !== 'confirm') return command;
        const rule = setup.template.rules.find(({ id }) => id === command.ruleId)!;
        const role = typeof rule.to === 'string' ? rule.to : rule.to[0]!.to;
        return act(setup, role, stand.nowMs, { ...command });
      }),
  });
}
