import { describe, expect, it } from '@jest/globals';
import { checkLog } from './check.js';
import { signatureOver, statement } from './contract-log.js';
import { moneyCoreLog } from './money-core-log.js';
import { exportOf } from './synthetic-log.js';

type Line = Record<string, unknown>;

async function judged(
  lines: readonly Line[],
  rule: 'acknowledgements' | 'views',
): Promise<readonly string[]> {
  const report = await checkLog({
    log: exportOf(moneyCoreLog()),
    [rule]: lines.map((line) => JSON.stringify(line)),
  });
  const invariant = rule === 'views' ? 'I6' : 'I1';
  return report.rules.flatMap((one) => (one.invariant === invariant && one.first ? [one.first] : []));
}

const ACTIVE = { status: 'ACTIVE', funded: '1050', released: '666', refunded: '0', held: '384' };
const shown = (more: Line): Line => ({ kind: 'contract', contractId: 'k5', ...ACTIVE, ...more });
const fact = (...words: readonly string[]): Line => ({ kind: 'contract', contractId: 'k5', fact: words });
const { sig } = signatureOver(statement(2)) as { readonly sig: string };

describe('what was answered of contracts', () => {
  it('was so', async () => {
    const said = [
      shown({ fact: ['EvidenceAccepted', sig] }),
      shown({ status: 'AWAITING_FUNDING', funded: '0', released: '0', held: '0', fact: ['ContractDrafted'] }),
      fact('ContractSigned', 'school'),
      fact('AccrualConfirmed', 'lesson', '2'),
      fact('VoteRecorded', 'd1', 'payer', 'refund'),
      fact('EntitlementAccrued', 'books'),
      { ...fact('EvidenceAccepted', sig), contractId: '' },
    ];
    expect(await judged(said, 'acknowledgements')).toEqual([]);
  });

  it.each<[string, Line, string]>([
    [
      'a sum',
      shown({ released: '667' }),
      'contract k5 ACTIVE 1050 667 0 384 was answered; the log has never said so',
    ],
    [
      'a status',
      shown({ status: 'COMPLETED' }),
      'contract k5 COMPLETED 1050 666 0 384 was answered; the log has never said so',
    ],
    [
      'evidence of another key',
      fact('EvidenceAccepted', 'abc'),
      'contract k5 EvidenceAccepted abc was answered; the log has no such thing',
    ],
    [
      'a duplicate of nothing',
      { ...fact('EvidenceAccepted', 'abc'), contractId: '' },
      'contract  EvidenceAccepted abc was answered; the log has no such thing',
    ],
    [
      'a confirmation',
      fact('AccrualConfirmed', 'lesson', '1'),
      'contract k5 AccrualConfirmed lesson 1 was answered; the log has no such thing',
    ],
    [
      'a vote for something else',
      fact('VoteRecorded', 'd1', 'payer', 'release'),
      'contract k5 VoteRecorded d1 payer release was answered; the log has no such thing',
    ],
  ])('misses %s', async (_, line, found) => {
    expect(await judged([line], 'acknowledgements')).toEqual([found]);
  });

  it('is compared with the view', async () => {
    const row = { kind: 'contract', id: 'k5', status: 'completed', funded: '1050', released: '716' };
    const wrong = { ...row, refunded: '334', held: '1' };
    expect((await judged([{ ...wrong, held: '0' }], 'views'))[0]).toMatch(/^bill b1 is missing/);
    expect(await judged([wrong], 'views')).toEqual([
      'contract k5: the view shows completed 1050 716 334 1, the log completed 1050 716 334 0',
    ]);
  });
});
