import { type Signer, amount, keys, text } from '../contract-acts.js';

/** What lessons cost here. */
export const LESSONS = 24;
export const LESSON_PRICE = '50.00';
export const COURSE_PRICE = '1200.00';
const DAY_MS = 86_400_000;

export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
/** Days since the beginning, so that acts of a preview keep their order. */
export const momentOf = (beginMs: number, days: number): string =>
  new Date(beginMs + days * DAY_MS).toISOString();

const words = (zh: string, en: string) => ({ 'zh-CN': zh, 'en-US': en });

/** Terms of our own: lessons attested by a terminal, a bureau that may wind up, a notice that each contract sets for itself. */
export function lessonTerms(id: string) {
  return {
    apiVersion: 'contract/v1',
    id,
    version: '1.0.0',
    title: words('按课时释放的试听课', 'Trial lessons released one by one'),
    summary: words(
      '每上一节课释放一节的费用，退课退回其余。',
      'Each lesson given releases its part; the rest goes back.',
    ),
    asset: 'CNY/2',
    roles: {
      payer: { title: words('付款人', 'Payer'), signs: true },
      school: { title: words('培训机构', 'School'), signs: true },
      bureau: { title: words('主管部门', 'Bureau') },
    },
    params: {
      total: { type: 'amount', title: words('总额', 'Total'), min: '1' },
      lessons: { type: 'count', title: words('课时数', 'Lessons'), min: '1' },
      notice: { type: 'duration', title: words('确认期', 'Period of notice') },
      fundBy: { type: 'time', title: words('付款截止', 'Last moment to pay') },
      endsAt: { type: 'time', title: words('到期', 'End') },
      terminals: { type: 'keys', title: words('签到设备', 'Lesson terminals') },
    },
    checks: [
      { lt: ['$fundBy', '$endsAt'], text: words('付款截止须早于到期。', 'Payment comes before the end.') },
    ],
    attestors: { terminal: { keys: '$terminals', k: 1, schema: 'lesson.v1', heldBy: ['school'] } },
    funding: { from: 'payer', min: '$total', max: '$total', by: '$fundBy' },
    rules: [
      {
        id: 'lesson',
        title: words('课时费', 'Lesson'),
        do: 'release',
        when: { attested: { by: 'terminal', dedupe: '/lessonNo' } } as object,
        amount: { perUnit: { total: '$total', units: '$lessons' } },
        to: 'school' as string | readonly object[],
        cooling: '$notice',
        confirmedBy: ['payer'],
      },
      {
        id: 'withdraw',
        title: words('退课', 'Withdrawal'),
        do: 'refund',
        when: { approved: { k: 1, of: ['payer'] } },
        amount: { remaining: true },
        to: 'payer' as string | readonly object[],
        final: true,
      },
    ],
    dispute: {
      by: ['payer', 'school'],
      freeze: 'unit',
      resolve: { k: 2, of: ['payer', 'school', 'bureau'] },
      timeout: 'P30D',
      default: 'refund',
    },
    end: { at: '$endsAt', do: 'refund', to: 'payer' },
  };
}

type Terms = ReturnType<typeof lessonTerms>;

/** The same with another lesson rule. */
export function withLesson(terms: Terms, change: Partial<Terms['rules'][0]>): Terms {
  const rules = terms.rules.map((rule) => (rule.id === 'lesson' ? { ...rule, ...change } : rule));
  return { ...terms, rules } as Terms;
}

export function lessonParameters(terminal: Signer, notice: string) {
  return [
    amount('total', COURSE_PRICE),
    text('lessons', String(LESSONS)),
    text('notice', notice),
    text('fundBy', inDays(1)),
    text('endsAt', inDays(90)),
    keys('terminals', terminal),
  ];
}

/** 53 fen a unit, paid without notice. */
export function meterParameters(meter: Signer) {
  return [
    amount('min', '100.00'),
    amount('max', '500.00'),
    text('tariff', '53/1'),
    text('notice', 'PT0S'),
    text('fundBy', inDays(1)),
    text('endsAt', inDays(90)),
    keys('meterKeys', meter),
  ];
}
