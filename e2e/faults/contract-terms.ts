/** The terms that the contracts of a run are made on: short notices and short lives, so that the clock has much to do. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalJson } from '#libs/signatures/canonical/index.js';

export const TEMPLATE_ID = 'faults-lessons';

const words = (text: string) => ({ 'zh-CN': text, 'en-US': text });

/** Lessons shared by a school and a tutor, books on claim; closed by the payer, the bureau, or the end. */
export const LESSONS = JSON.stringify({
  apiVersion: 'contract/v1',
  id: TEMPLATE_ID,
  version: '1.0.0',
  title: words('Lessons under load'),
  summary: words('Lessons that are paid for while the product is killed.'),
  asset: 'CNY/2',
  roles: {
    payer: { title: words('Payer'), signs: true },
    school: { title: words('School'), signs: true },
    tutor: { title: words('Tutor') },
    bureau: { title: words('Bureau') },
    merchant: { title: words('Bookshop'), optional: true },
  },
  params: {
    total: { type: 'amount', title: words('Total'), min: '1' },
    lessons: { type: 'count', title: words('Lessons'), min: '1' },
    cooling: { type: 'duration', title: words('Notice') },
    books: { type: 'amount', title: words('Books at most') },
    fundBy: { type: 'time', title: words('Pay by') },
    endsAt: { type: 'time', title: words('End') },
    keys: { type: 'keys', title: words('Keys') },
  },
  checks: [{ lt: ['$fundBy', '$endsAt'], text: words('Paid before the end.') }],
  attestors: { terminal: { keys: '$keys', k: 2, schema: 'lesson.v1', heldBy: ['school'] } },
  funding: { from: 'payer', min: '$total', max: '$total', by: '$fundBy' },
  rules: [
    {
      id: 'lesson',
      title: words('Lesson'),
      do: 'release',
      when: { attested: { by: 'terminal', dedupe: '/lessonNo' } },
      amount: { perUnit: { total: '$total', units: '$lessons' } },
      to: [
        { to: 'school', share: '7/10' },
        { to: 'tutor', share: 'rest' },
      ],
      cooling: '$cooling',
      confirmedBy: ['payer'],
    },
    {
      id: 'books',
      title: words('Books'),
      do: 'release',
      when: { claimed: { by: 'payer' } },
      amount: { claim: true },
      to: 'merchant',
      cap: '$books',
    },
    {
      id: 'withdraw',
      title: words('Withdrawal'),
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
    timeout: 'PT4S',
    default: 'refund',
  },
  end: { at: '$endsAt', do: 'refund', to: 'payer' },
});

/** An Ed25519 key of a lesson terminal or a meter. */
export interface Terminal {
  readonly publicKey: string;
  readonly keyId: string;
  sign(statement: object): string;
}

export function terminal(): Terminal {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: raw.toString('base64url'),
    keyId: `k1-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`,
    sign: (statement) => sign(null, Buffer.from(canonicalJson(statement)), privateKey).toString('base64url'),
  };
}
