/** One small contract of every kind, its parties, and commands to move it on; for specs of the decider. */
import { asId } from '#libs/kernel/ids/index.js';
import { fold } from '#libs/kernel/decider/index.js';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import { WEEKDAYS } from '#libs/contracts/domain/calendar/index.js';
import {
  contractDecider,
  type Common,
  type Contract,
  type ContractCommand,
  type ContractEvent,
  type ContractRefusal,
  type Party,
  type Totals,
} from '#libs/contracts/domain/release-contract/index.js';
import type { ParameterValues, Template } from '#libs/contracts/domain/template/types.js';

export const CONTRACT = asId<'contract'>('c-1');
export const DOC = 'd'.repeat(64);
const HOUR_MS = 3_600_000;
/** Funded and in force. */
export const START = parseInstant('2026-09-01T00:00:00Z');

/** So many hours after the contract came into force. */
export const hour = (hours: number): Instant => addMs(START, hours * HOUR_MS);
export const day = (days: number): Instant => hour(days * 24);

const words = { 'zh-CN': '合约', 'en-US': 'Contract' };
const parameter = (type: Template['params'][string]['type']) => ({ type, title: words });

/** A course of 4 lessons for 1,001 fen, held in custody until 60 days after. */
export const COURSE: Template = {
  apiVersion: 'contract/v1',
  id: 'course',
  version: '1.0.0',
  title: words,
  summary: words,
  asset: 'CNY/2',
  roles: {
    payer: { title: words, signs: true },
    school: { title: words, signs: true },
    bureau: { title: words },
  },
  params: {
    total: parameter('amount'),
    least: parameter('amount'),
    units: parameter('count'),
    endsAt: parameter('time'),
    keys: parameter('keys'),
  },
  attestors: { terminal: { keys: '$keys', k: 1, schema: 'lesson.v1', heldBy: ['school'] } },
  funding: { from: 'payer', min: '$least', max: '$total', by: '2026-09-11T00:00:00Z' },
  rules: [
    {
      id: 'lesson',
      title: words,
      do: 'release',
      when: { attested: { by: 'terminal', dedupe: '/lessonNo' } },
      amount: { perUnit: { total: '$total', units: '$units' } },
      to: 'school',
      cooling: 'P3D',
    },
    {
      id: 'withdraw',
      title: words,
      do: 'refund',
      when: { approved: { k: 1, of: ['payer'] } },
      amount: { remaining: true },
      to: 'payer',
      final: true,
    },
  ],
  dispute: {
    by: ['payer', 'school'],
    freeze: 'unit',
    resolve: { k: 2, of: ['payer', 'school', 'bureau'] },
    timeout: 'P10D',
    default: 'refund',
  },
  end: { at: '$endsAt', do: 'refund', to: 'payer' },
};

export const KEYS = ['A', 'B', 'C'].map((letter, index) => ({
  keyId: `k${index + 1}`,
  alg: 'Ed25519' as const,
  publicKey: `${letter.repeat(42)}A`,
}));

export const PARAMS: ParameterValues = {
  total: '1001',
  least: '1001',
  units: '4',
  endsAt: day(60),
  keys: KEYS,
};

export const PARTIES: readonly Party[] = [
  { role: 'payer', partyId: 'a-payer', kind: 'account', payTo: null },
  { role: 'school', partyId: 'o-school', kind: 'organisation', payTo: 'org:o-school:payable' },
  { role: 'bureau', partyId: 'o-bureau', kind: 'organisation', payTo: 'treasury:bureau' },
];

/** The course with another rule for its lessons. */
export function withLesson(
  change: Partial<Template['rules'][number]>,
  more: Partial<Template> = {},
): Template {
  const [lesson, ...others] = COURSE.rules;
  return { ...COURSE, ...more, rules: [{ ...lesson!, ...change }, ...others] };
}

/** The course with other rules. */
export function withRules(rules: Template['rules'], more: Partial<Template> = {}): Template {
  return { ...COURSE, ...more, rules };
}

export function rule(change: Partial<Template['rules'][number]>): Template['rules'][number] {
  return {
    id: 'gift',
    title: words,
    do: 'release',
    when: { at: day(5) },
    amount: { fixed: '300' },
    to: 'school',
    ...change,
  };
}

type Asked = ContractCommand extends infer Command
  ? Command extends unknown
    ? Omit<Command, 'at' | 'by' | 'calendar'>
    : never
  : never;

/** In a role's name; `role/party` for somebody else. */
export function ask(role: string, at: Instant, asked: Asked): ContractCommand {
  const [name, somebody] = role.split('/') as [string, string?];
  const partyId = somebody ?? PARTIES.find((party) => party.role === name)?.partyId ?? 'system:process';
  return { ...asked, at, by: { role: name, partyId }, calendar: WEEKDAYS } as ContractCommand;
}

export interface Agreed {
  readonly template?: Template;
  readonly params?: ParameterValues;
  readonly parties?: readonly Party[];
}

export function draft({ template = COURSE, params = {}, parties = PARTIES }: Agreed = {}): ContractCommand {
  return ask('school', START, {
    kind: 'draft',
    contractId: CONTRACT,
    tenant: asId('t-1'),
    organisationId: asId('o-school'),
    inputHash: 'i'.repeat(64),
    subject: 'courseOrder-1',
    region: 'CN',
    template,
    templateHash: 't'.repeat(64),
    params: onlyUsed(template, { ...PARAMS, ...params }),
    parties,
    docHash: DOC,
  } as Asked);
}

function onlyUsed({ params }: Template, values: ParameterValues): ParameterValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => params[name]));
}

export function sign(role: string, docHash = DOC): ContractCommand {
  const signature = { keyId: `account:${role}`, alg: 'account', docHash, sig: '' } as const;
  return ask(role, START, { kind: 'sign', role, signature });
}

export function reserve(amount: bigint, payment = 'p-1', at = START): ContractCommand {
  return ask('system', at, { kind: 'reserveFunding', paymentId: asId(payment), amount });
}

export function release(payment = 'p-1', at = START): ContractCommand {
  return ask('system', at, { kind: 'releaseFunding', paymentId: asId(payment) });
}

export function deposit(amount: bigint, payment = 'p-1', at = START): ContractCommand {
  const source = { kind: 'payment', paymentId: asId<'payment'>(payment) } as const;
  return ask('system', at, { kind: 'deposit', depositId: `d-${payment}`, source, amount });
}

export interface Lesson {
  readonly rule?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly schema?: string;
  readonly observedAt?: Instant;
  readonly keys?: readonly string[];
  readonly hash?: string;
}

/** Evidence for one unit, observed when it is handed in. */
export function attest(unit: string, at: Instant, lesson: Lesson = {}): ContractCommand {
  const { payload = { lessonNo: unit }, observedAt = at, keys = ['k1'], schema = 'lesson.v1' } = lesson;
  return ask('school', at, {
    kind: 'attest',
    evidenceId: `e-${unit}`,
    statement: {
      contractId: CONTRACT,
      rule: lesson.rule ?? 'lesson',
      schema,
      dedupeKey: unit,
      payload,
      observedAt,
    },
    statementHash: lesson.hash ?? `hash of ${unit}`,
    signatures: keys.map((keyId) => ({ keyId, alg: 'Ed25519', sig: 'c2ln' })),
  });
}

export const unit = (dedupeKey: string, ruleId = 'lesson') => ({ ruleId, dedupeKey });

export const confirm = (dedupeKey: string, at: Instant, ruleId = 'lesson'): ContractCommand =>
  ask('payer', at, { kind: 'confirm', ...unit(dedupeKey, ruleId) });

export const approve = (role: string, ruleId: string, at: Instant, dedupeKey = ''): ContractCommand =>
  ask(role, at, { kind: 'approve', ...unit(dedupeKey, ruleId), decision: 'approve' });

export const tick = (at: Instant): ContractCommand => ask('system', at, { kind: 'tick' });

/** Everything that the commands bring about, one after the other. Throws where one is refused. */
export function history(...commands: readonly ContractCommand[]): readonly ContractEvent[] {
  let state = contractDecider.initial;
  const events: ContractEvent[] = [];
  for (const command of commands) {
    const decision = contractDecider.decide(command, state);
    if (!decision.accepted)
      throw new Error(`${command.kind}: ${decision.rejection.code} ${decision.rejection.message}`);
    for (const event of decision.events) {
      state = contractDecider.evolve(state, event);
      events.push(event);
    }
  }
  return events;
}

/** Signed by both. */
export const signed = (agreed: Agreed = {}): readonly ContractCommand[] => [
  draft(agreed),
  sign('payer'),
  sign('school'),
];

/** Funded and in force. */
export function inForce(agreed: Agreed & { readonly amount?: bigint } = {}): readonly ContractCommand[] {
  const amount = agreed.amount ?? 1001n;
  return [...signed(agreed), reserve(amount), deposit(amount)];
}

export function stateAfter(...commands: readonly ContractCommand[]): Contract {
  const state = fold(contractDecider, history(...commands));
  if (state.status === 'absent') throw new Error('Nothing was drafted.');
  return state;
}

/** The refusal of the last command. */
export function refusal(...commands: readonly ContractCommand[]): ContractRefusal | undefined {
  const last = commands.at(-1)!;
  const decision = contractDecider.decide(last, fold(contractDecider, history(...commands.slice(0, -1))));
  return decision.accepted ? undefined : decision.rejection;
}

/** What every event says besides what happened. */
export interface Figures {
  readonly at: Instant;
  readonly by?: Common['by'];
  readonly totals: Partial<Totals>;
  readonly status?: Common['status'];
  readonly next: Instant | null;
}

export const CLOCK = { role: 'system', partyId: 'clock' } as const;

/** An event as it must be: `seq` counts on from `first`. Of the totals, `held` follows. */
export function expected(
  first: number,
  ...events: readonly (readonly [ContractEvent['type'], Figures, object])[]
): readonly ContractEvent[] {
  return events.map(([type, figures, specific], index) => {
    const { funded = 1001n, released = 0n, refunded = 0n, frozen = 0n } = figures.totals;
    const common: Common = {
      contractId: CONTRACT,
      seq: first + index,
      at: figures.at,
      asset: 'CNY/2',
      by: figures.by ?? CLOCK,
      totals: { funded, released, refunded, held: funded - released - refunded, frozen },
      status: figures.status ?? 'active',
      nextDueAt: figures.next,
    };
    return { type, data: { ...common, ...specific } } as ContractEvent;
  });
}

/** A payout to one payee, as an event carries it. */
export function paid(amount: bigint, role: string, account: string, onTo?: string) {
  return {
    amount,
    splits: [{ role, amount, account, ...(onTo === undefined ? {} : { onTo }) }],
    postings: [{ source: `custody:${CONTRACT}`, destination: account, amount: { asset: 'CNY/2', amount } }],
  };
}
