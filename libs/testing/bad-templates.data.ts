/** Templates that cannot be published, each with everything that is wrong with it; and some that can. */
import type { FindingCode } from '#libs/contracts/domain/template/findings.js';
import type {
  EvidenceShapes,
  ParameterValues,
  RuleTerms,
  Template,
} from '#libs/contracts/domain/template/index.js';

const words = { 'zh-CN': '字', 'en-US': 'words' };
export const SHAPES: EvidenceShapes = {
  'lesson.v1': { lessonNo: 'string', minutes: 'string', room: 'other' },
};

const lesson: RuleTerms = {
  id: 'lesson',
  title: words,
  do: 'release',
  when: { attested: { by: 'terminal', dedupe: '/lessonNo' } },
  amount: { perUnit: { total: '$total', units: '$lessons' } },
  to: 'school',
  cooling: 'P3D',
};

const withdraw: RuleTerms = {
  id: 'withdraw',
  title: words,
  do: 'refund',
  when: { approved: { k: 1, of: ['payer'] } },
  amount: { remaining: true },
  to: 'payer',
  final: true,
};

/** Nothing is wrong with it. */
export const SOUND: Template = {
  apiVersion: 'contract/v1',
  id: 'sound',
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
    total: { type: 'amount', title: words },
    lessons: { type: 'count', title: words },
    fundBy: { type: 'time', title: words },
    endsAt: { type: 'time', title: words },
    keys: { type: 'keys', title: words },
  },
  checks: [{ lt: ['$fundBy', '$endsAt'], text: words }],
  attestors: { terminal: { keys: '$keys', k: 1, schema: 'lesson.v1', heldBy: ['school'] } },
  funding: { from: 'payer', min: '$total', max: '$total', by: '$fundBy' },
  rules: [lesson, withdraw],
  dispute: {
    by: ['payer', 'school'],
    freeze: 'unit',
    resolve: { k: 2, of: ['payer', 'school', 'bureau'] },
    timeout: 'P30D',
    default: 'refund',
  },
  end: { at: '$endsAt', do: 'refund', to: 'payer' },
};

const claims: RuleTerms = {
  ...lesson,
  when: { claimed: { by: 'payer' } },
  amount: { claim: true },
  cap: '$total',
  cooling: undefined,
};
const twoAttestors = {
  keys: SOUND.attestors!['terminal']!,
  guardian: { keys: '$keys', k: 1, schema: 'lesson.v1', heldBy: ['payer'] },
};

function withRules(...rules: readonly object[]): Partial<Template> {
  return { rules: rules.map((rule) => clean(rule) as RuleTerms) };
}

/** A template says nothing where a member is undefined here. */
export function clean(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

const params = (more: Template['params']) => ({ params: { ...SOUND.params, ...more } });
const roles = (more: Template['roles']) => ({ roles: { ...SOUND.roles, ...more } });
const time = { type: 'time', title: words } as const;

/** What is wrong, the change that makes it wrong, and all that is then found. */
export const BAD: readonly (readonly [FindingCode, string, Partial<Template>, readonly string[]])[] = [
  [
    'UNKNOWN_PARAMETER',
    'a cap that nobody declared',
    withRules({ ...lesson, cap: '$most' }, withdraw),
    ['UNKNOWN_PARAMETER /rules/0/cap'],
  ],
  [
    'UNKNOWN_PARAMETER',
    'a check of something unknown',
    { checks: [...SOUND.checks!, { le: ['$total', '$most'], text: words }] },
    ['UNKNOWN_PARAMETER /checks/1'],
  ],
  [
    'UNKNOWN_PARAMETER',
    'a parameter named as a member of every object',
    withRules({ ...lesson, cap: '$constructor' }, withdraw),
    ['UNKNOWN_PARAMETER /rules/0/cap'],
  ],
  [
    'WRONG_PARAMETER_TYPE',
    'a time as a cap',
    withRules({ ...lesson, cap: '$endsAt' }, withdraw),
    ['WRONG_PARAMETER_TYPE /rules/0/cap'],
  ],
  [
    'WRONG_PARAMETER_TYPE',
    'an amount of units',
    withRules({ ...lesson, amount: { perUnit: { total: '$total', units: '$total' } } }, withdraw),
    ['WRONG_PARAMETER_TYPE /rules/0/amount/perUnit/units', 'UNUSED_PARAMETER /params/lessons'],
  ],
  [
    'WRONG_PARAMETER_TYPE',
    'a check of unlike things',
    { checks: [...SOUND.checks!, { le: ['$total', '$endsAt'], text: words }] },
    ['WRONG_PARAMETER_TYPE /checks/1'],
  ],
  [
    'WRONG_PARAMETER_TYPE',
    'a check of keys',
    { checks: [...SOUND.checks!, { eq: ['$keys', '$keys'], text: words }] },
    ['WRONG_PARAMETER_TYPE /checks/1'],
  ],
  [
    'WRONG_PARAMETER_TYPE',
    'a span that is no duration',
    { checks: [...SOUND.checks!, { within: ['$fundBy', '$endsAt', '$total'], text: words }] },
    ['WRONG_PARAMETER_TYPE /checks/1/within/2'],
  ],
  [
    'UNUSED_PARAMETER',
    'a parameter for nothing',
    params({ idle: { type: 'amount', title: words } }),
    ['UNUSED_PARAMETER /params/idle'],
  ],
  [
    'INVALID_LITERAL',
    '30 February',
    { end: { ...SOUND.end, at: '2027-02-30T00:00:00Z' }, checks: [] },
    ['INVALID_LITERAL /end/at', 'UNUSED_PARAMETER /params/endsAt', 'END_NOT_AFTER /funding/by'],
  ],
  [
    'INVALID_LITERAL',
    'a duration of a day and a half',
    withRules({ ...lesson, cooling: 'P1.5D' }, withdraw),
    ['INVALID_LITERAL /rules/0/cooling'],
  ],
  [
    'INVALID_BOUNDS',
    'bounds of a time',
    params({ fundBy: { ...time, min: '1' } }),
    ['INVALID_BOUNDS /params/fundBy'],
  ],
  [
    'INVALID_BOUNDS',
    'no value in between',
    params({ total: { type: 'amount', title: words, min: '2', max: '1' } }),
    ['INVALID_BOUNDS /params/total'],
  ],
  [
    'UNKNOWN_ROLE',
    'an approval by nobody',
    withRules(lesson, { ...withdraw, when: { approved: { k: 1, of: ['ghost'] } } }),
    ['UNKNOWN_ROLE /rules/1/when/approved/of/0'],
  ],
  [
    'UNKNOWN_ROLE',
    'a payee that every object has',
    withRules({ ...lesson, to: 'constructor' }, withdraw),
    ['UNKNOWN_ROLE /rules/0/to'],
  ],
  ['UNUSED_ROLE', 'a role for nothing', roles({ idle: { title: words } }), ['UNUSED_ROLE /roles/idle']],
  [
    'OPTIONAL_ROLE_NEEDED',
    'an optional payee',
    roles({ school: { title: words, optional: true } }),
    ['OPTIONAL_ROLE_NEEDED /rules/0/to'],
  ],
  [
    'OPTIONAL_ROLE_NEEDED',
    'an optional signer',
    roles({ bureau: { title: words, signs: true, optional: true } }),
    ['OPTIONAL_ROLE_NEEDED /roles/bureau'],
  ],
  [
    'OPTIONAL_ROLE_NEEDED',
    'an optional funder',
    roles({ payer: { title: words, signs: true, optional: true } }),
    [
      'OPTIONAL_ROLE_NEEDED /roles/payer',
      'OPTIONAL_ROLE_NEEDED /funding/from',
      'OPTIONAL_ROLE_NEEDED /end/to',
      'OPTIONAL_ROLE_NEEDED /rules/1/to',
      'OPTIONAL_ROLE_NEEDED /rules/1/when/approved',
    ],
  ],
  [
    'OPTIONAL_ROLE_NEEDED',
    'a vote that needs the optional one',
    {
      ...roles({ bureau: { title: words, optional: true } }),
      dispute: { ...SOUND.dispute, resolve: { k: 3, of: ['payer', 'school', 'bureau'] } },
    },
    ['OPTIONAL_ROLE_NEEDED /dispute/resolve'],
  ],
  [
    'NOBODY_SIGNS',
    'no signer',
    roles({ payer: { title: words }, school: { title: words } }),
    ['NOBODY_SIGNS /roles'],
  ],
  [
    'FUNDER_DOES_NOT_SIGN',
    'a payer who has agreed to nothing',
    roles({ payer: { title: words } }),
    ['FUNDER_DOES_NOT_SIGN /roles/payer'],
  ],
  [
    'UNKNOWN_ATTESTOR',
    'evidence of nobody',
    withRules({ ...lesson, when: { attested: { by: 'ghost', dedupe: '/lessonNo' } } }, withdraw),
    ['UNKNOWN_ATTESTOR /rules/0/when/attested/by', 'UNUSED_ATTESTOR /attestors/terminal'],
  ],
  [
    'UNUSED_ATTESTOR',
    'an attestor whom nobody asks',
    { attestors: { ...SOUND.attestors, idle: twoAttestors.guardian } },
    ['UNUSED_ATTESTOR /attestors/idle'],
  ],
  [
    'UNKNOWN_EVIDENCE_SCHEMA',
    'a schema that is not there',
    { attestors: { terminal: { ...twoAttestors.keys, schema: 'lesson.v2' } } },
    ['UNKNOWN_EVIDENCE_SCHEMA /attestors/terminal/schema'],
  ],
  [
    'UNKNOWN_EVIDENCE_FIELD',
    'a unit that evidence need not name',
    withRules({ ...lesson, when: { attested: { by: 'terminal', dedupe: '/classNo' } } }, withdraw),
    ['UNKNOWN_EVIDENCE_FIELD /rules/0/when/attested/dedupe'],
  ],
  [
    'UNKNOWN_EVIDENCE_FIELD',
    'a unit that is a list',
    withRules({ ...lesson, when: { attested: { by: 'terminal', dedupe: '/room' } } }, withdraw),
    ['UNKNOWN_EVIDENCE_FIELD /rules/0/when/attested/dedupe'],
  ],
  [
    'UNKNOWN_EVIDENCE_FIELD',
    'an amount that is not there',
    withRules({ ...lesson, amount: { evidence: '/price' } }, withdraw),
    ['UNUSED_PARAMETER /params/lessons', 'UNKNOWN_EVIDENCE_FIELD /rules/0/amount/evidence'],
  ],
  [
    'PAYEE_DECIDES_ALONE',
    'a payee who attests without notice',
    withRules({ ...lesson, cooling: undefined }, withdraw),
    ['PAYEE_DECIDES_ALONE /rules/0'],
  ],
  [
    'PAYEE_DECIDES_ALONE',
    'a notice of no time',
    withRules({ ...lesson, cooling: 'P0D' }, withdraw),
    ['PAYEE_DECIDES_ALONE /rules/0'],
  ],
  [
    'PAYEE_DECIDES_ALONE',
    'a payee among the holders, of whom one signs',
    {
      attestors: { terminal: { ...twoAttestors.keys, heldBy: ['school', 'bureau'] } },
      ...withRules({ ...lesson, cooling: undefined }, withdraw),
    },
    ['PAYEE_DECIDES_ALONE /rules/0'],
  ],
  [
    'PAYEE_DECIDES_ALONE',
    'a payee who approves its own payout after a day',
    withRules(lesson, {
      ...lesson,
      id: 'bonus',
      when: { all: [{ after: 'P1D' }, { approved: { k: 1, of: ['school', 'bureau'] } }] },
      amount: { fixed: '5' },
      cooling: undefined,
    }),
    ['PAYEE_DECIDES_ALONE /rules/1'],
  ],
  [
    'PAYEE_RESOLVES_DISPUTES',
    'a payee who judges',
    {
      dispute: { ...SOUND.dispute, resolve: { k: 1, of: ['payer', 'school'] } },
      ...withRules(lesson, withdraw, {
        ...withdraw,
        id: 'closure',
        when: { approved: { k: 1, of: ['bureau'] } },
      }),
    },
    ['PAYEE_RESOLVES_DISPUTES /dispute/resolve'],
  ],
  [
    'DUPLICATE_RULE',
    'two rules of one name',
    withRules(lesson, withdraw, withdraw),
    ['DUPLICATE_RULE /rules/2/id'],
  ],
  [
    'INVALID_SHARES',
    'shares above one',
    withRules(
      {
        ...lesson,
        to: [
          { to: 'school', share: '1/2' },
          { to: 'payer', share: '2/3' },
        ],
      },
      withdraw,
    ),
    ['INVALID_SHARES /rules/0/to'],
  ],
  [
    'INVALID_SHARES',
    'shares below one',
    withRules(
      {
        ...lesson,
        to: [
          { to: 'school', share: '1/2' },
          { to: 'payer', share: '1/3' },
        ],
      },
      withdraw,
    ),
    ['INVALID_SHARES /rules/0/to'],
  ],
  [
    'INVALID_SHARES',
    'two rests',
    withRules(
      {
        ...lesson,
        to: [
          { to: 'school', share: 'rest' },
          { to: 'payer', share: 'rest' },
        ],
      },
      withdraw,
    ),
    ['INVALID_SHARES /rules/0/to'],
  ],
  [
    'INVALID_SHARES',
    'one payee twice',
    withRules(
      {
        ...lesson,
        to: [
          { to: 'school', share: '1/2' },
          { to: 'school', share: 'rest' },
        ],
      },
      withdraw,
    ),
    ['INVALID_SHARES /rules/0/to'],
  ],
  [
    'K_TOO_LARGE',
    'three of two',
    withRules(lesson, { ...withdraw, when: { approved: { k: 3, of: ['payer', 'bureau'] } } }),
    ['K_TOO_LARGE /rules/1/when/approved'],
  ],
  [
    'K_TOO_LARGE',
    'four of three judges',
    { dispute: { ...SOUND.dispute, resolve: { k: 4, of: ['payer', 'school', 'bureau'] } } },
    ['K_TOO_LARGE /dispute/resolve'],
  ],
  [
    'AMOUNT_DOES_NOT_FIT',
    'a claim that nobody makes',
    withRules({ ...lesson, amount: { claim: true }, cap: '$total' }, withdraw),
    ['UNUSED_PARAMETER /params/lessons', 'AMOUNT_DOES_NOT_FIT /rules/0/amount'],
  ],
  [
    'AMOUNT_DOES_NOT_FIT',
    'a claim of what was not claimed',
    withRules(lesson, { ...claims, id: 'gift', amount: { fixed: '5' }, cap: undefined, to: 'school' }),
    ['AMOUNT_DOES_NOT_FIT /rules/1/amount'],
  ],
  [
    'AMOUNT_DOES_NOT_FIT',
    'evidence that not every way brings',
    withRules({ ...lesson, when: { any: [lesson.when, { approved: { k: 1, of: ['payer'] } }] } }, withdraw),
    ['AMOUNT_DOES_NOT_FIT /rules/0/amount'],
  ],
  [
    'AMOUNT_DOES_NOT_FIT',
    'time that evidence lets pass',
    {
      ...withRules(
        { ...lesson, amount: { linear: { total: '$total', start: '$fundBy', end: '$endsAt' } } },
        withdraw,
      ),
    },
    ['UNUSED_PARAMETER /params/lessons', 'AMOUNT_DOES_NOT_FIT /rules/0/amount'],
  ],
  [
    'AMOUNT_DOES_NOT_FIT',
    'a cap on all',
    withRules(lesson, { ...withdraw, cap: '5' }),
    ['AMOUNT_DOES_NOT_FIT /rules/1/amount'],
  ],
  [
    'REFUND_NOT_TO_FUNDER',
    'a refund to the payee',
    withRules(lesson, { ...withdraw, to: 'bureau' }),
    ['REFUND_NOT_TO_FUNDER /rules/1/to'],
  ],
  [
    'RULE_NEVER_FIRES',
    'one unit of two names',
    {
      attestors: { terminal: twoAttestors.keys, guardian: twoAttestors.guardian },
      ...withRules(
        { ...lesson, when: { all: [lesson.when, { attested: { by: 'guardian', dedupe: '/minutes' } }] } },
        withdraw,
      ),
    },
    ['RULE_NEVER_FIRES /rules/0/when'],
  ],
  [
    'RULE_NEVER_FIRES',
    'one attestor twice',
    withRules({ ...lesson, when: { all: [lesson.when, lesson.when] } }, withdraw),
    ['RULE_NEVER_FIRES /rules/0/when'],
  ],
  [
    'RULE_NEVER_FIRES',
    'evidence about a claim',
    withRules(lesson, { ...claims, id: 'spend', when: { all: [lesson.when, { claimed: { by: 'payer' } }] } }),
    ['RULE_NEVER_FIRES /rules/1/when'],
  ],
  [
    'TOO_COMPLEX',
    'five levels',
    withRules(lesson, { ...withdraw, when: nested(5) }),
    ['TOO_COMPLEX /rules/1/when'],
  ],
  [
    'TOO_COMPLEX',
    'seventeen conditions',
    withRules(lesson, {
      ...withdraw,
      when: { any: [1, 2].map(() => ({ all: Array.from({ length: 8 }, () => withdraw.when) })) },
    }),
    ['TOO_COMPLEX /rules/1/when'],
  ],
  [
    'CLAIM_WITHOUT_CAP',
    'claims without end',
    withRules(lesson, { ...claims, id: 'spend', cap: undefined }),
    ['CLAIM_WITHOUT_CAP /rules/1/amount'],
  ],
  [
    'REMAINING_NOT_FINAL',
    'all, and then more',
    withRules(lesson, { ...withdraw, final: undefined }),
    ['REMAINING_NOT_FINAL /rules/1/amount'],
  ],
  [
    'REMAINING_WITH_COOLING',
    'all, but later',
    withRules(lesson, { ...withdraw, cooling: 'P3D' }),
    ['REMAINING_WITH_COOLING /rules/1/amount'],
  ],
  [
    'FINAL_NOT_REMAINING',
    'the end with money left',
    withRules({ ...lesson, final: true }, withdraw),
    ['FINAL_NOT_REMAINING /rules/0/amount'],
  ],
  [
    'CONFIRMATION_WITHOUT_COOLING',
    'nothing to confirm',
    withRules(lesson, { ...withdraw, confirmedBy: ['payer'] }),
    ['CONFIRMATION_WITHOUT_COOLING /rules/1/confirmedBy'],
  ],
  [
    'PAYEE_CONFIRMS',
    'a payee who ends the notice',
    withRules({ ...lesson, confirmedBy: ['payer', 'school'] }, withdraw),
    ['PAYEE_CONFIRMS /rules/0/confirmedBy'],
  ],
  ['END_NOT_AFTER', 'no check of the end', { checks: [] }, ['END_NOT_AFTER /funding/by']],
  [
    'END_NOT_AFTER',
    'a check the wrong way round',
    { checks: [{ lt: ['$endsAt', '$fundBy'], text: words }] },
    ['END_NOT_AFTER /funding/by'],
  ],
  [
    'END_NOT_AFTER',
    'a literal after a literal end',
    {
      funding: { ...SOUND.funding, by: '2026-09-02T00:00:00Z' },
      end: { ...SOUND.end, at: '2026-09-01T00:00:00Z' },
      params: withoutTimes(),
      checks: [],
    },
    ['END_NOT_AFTER /funding/by'],
  ],
  [
    'END_NOT_AFTER',
    'a moment that may lie after the end',
    {
      ...params({ later: time }),
      ...withRules(lesson, { ...withdraw, when: { any: [withdraw.when, { at: '$later' }] } }),
    },
    ['END_NOT_AFTER /rules/1/when/any/1/at'],
  ],
  [
    'END_NOT_AFTER',
    'a stream beyond the end',
    {
      ...params({ later: time }),
      ...withRules(lesson, {
        ...lesson,
        id: 'stream',
        when: { at: '$fundBy' },
        amount: { linear: { total: '$total', start: '$fundBy', end: '$later' } },
        cooling: undefined,
      }),
    },
    ['END_NOT_AFTER /rules/1/amount/linear/end'],
  ],
  [
    'FUNDING_BOUNDS',
    'a least above the most',
    { ...params({ least: { type: 'amount', title: words } }), funding: { ...SOUND.funding, min: '$least' } },
    ['FUNDING_BOUNDS /funding'],
  ],
  [
    'FUNDING_BOUNDS',
    'literals the wrong way round',
    { funding: { ...SOUND.funding, min: '6', max: '5' } },
    ['FUNDING_BOUNDS /funding'],
  ],
  [
    'DISPUTE_TIMEOUT',
    'a dispute of no time',
    { dispute: { ...SOUND.dispute, timeout: 'PT0S' } },
    ['DISPUTE_TIMEOUT /dispute/timeout'],
  ],
];

function nested(levels: number): object {
  return levels === 1 ? withdraw.when : { any: [withdraw.when, nested(levels - 1)] };
}

function withoutTimes(): Template['params'] {
  const { fundBy: _, endsAt: __, ...rest } = SOUND.params;
  return rest;
}

/** What is done to the sound template, and leaves it sound. */
export const GOOD: readonly (readonly [string, object])[] = [
  [
    'a chain of checks up to the end',
    {
      ...params({ mid: time }),
      checks: [
        { le: ['$fundBy', '$mid'], text: words },
        { eq: ['$mid', '$endsAt'], text: words },
      ],
    },
  ],
  [
    'literals in order',
    {
      funding: { ...SOUND.funding, by: '2026-08-31T00:00:00+08:00' },
      end: { ...SOUND.end, at: '2026-09-01T00:00:00Z' },
      params: withoutTimes(),
      checks: [],
    },
  ],
  [
    'a check against a literal before a literal end',
    {
      end: { ...SOUND.end, at: '2027-01-01T00:00:00Z' },
      params: { ...SOUND.params, endsAt: undefined },
      checks: [{ le: ['$fundBy', '2026-12-01T00:00:00Z'], text: words }],
    },
  ],
  [
    'two attestors for one unit',
    {
      attestors: { terminal: twoAttestors.keys, guardian: twoAttestors.guardian },
      ...withRules(
        {
          ...lesson,
          cooling: undefined,
          when: { all: [lesson.when, { attested: { by: 'guardian', dedupe: '/lessonNo' } }] },
        },
        withdraw,
      ),
    },
  ],
  [
    'two of two holders',
    {
      attestors: { terminal: { ...twoAttestors.keys, k: 2, heldBy: ['school', 'payer'] } },
      ...withRules({ ...lesson, cooling: undefined }, withdraw),
    },
  ],
  [
    'an open merchant who is paid by claims',
    {
      ...roles({ shop: { title: words, optional: true } }),
      ...withRules(lesson, { ...claims, id: 'spend', to: 'shop' }),
    },
  ],
  ['a payer who takes back alone what was paid', withRules(lesson, withdraw)],
  ['four levels', withRules(lesson, { ...withdraw, when: nested(4) })],
];

/** An Ed25519 key by number; it opens nothing. */
export const sampleKey = (n: number) => ({
  keyId: `k1-${n}`,
  alg: 'Ed25519' as const,
  publicKey: Buffer.alloc(32, n).toString('base64url'),
});

/** Parameters of the sound template. */
export const GIVEN: ParameterValues = {
  total: '480000',
  lessons: '24',
  fundBy: '2026-09-08T00:00:00+08:00',
  endsAt: '2027-02-28T16:00:00Z',
  keys: [sampleKey(1)],
};
