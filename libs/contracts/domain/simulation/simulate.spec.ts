import { describe, expect, it } from '@jest/globals';
import { addMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import { loadTemplateLanguage } from '../../application/templates/template-language.js';
import { CONTRACT_SCHEMAS_DIRECTORY } from '#libs/testing/contract-language.js';
import { sampleParameters } from '#libs/testing/contract-language.js';
import { WEEKDAYS } from '../calendar/index.js';
import { simulate, type SimulatedAct, type SimulatedLine, type Simulation } from './index.js';

const language = loadTemplateLanguage(CONTRACT_SCHEMAS_DIRECTORY);
const startsAt = parseInstant('2026-09-01T00:00:00Z');
const DAY_MS = 86_400_000;

function day(days: number, hours = 0): Instant {
  return addMs(startsAt, days * DAY_MS + hours * 3_600_000);
}

function play(id: string, acts: readonly SimulatedAct[], changed: Record<string, string> = {}): Simulation {
  const { template, hash } = language.builtIn.get(id)!.at(-1)!;
  const { given, regional } = sampleParameters(id);
  const params = { ...given, ...regional, ...changed };
  return simulate({ template, templateHash: hash, params, calendar: WEEKDAYS, startsAt, acts });
}

/** Money that moved: when, by which rule, how much, and what is held then. */
function moves({ lines }: Simulation): readonly string[] {
  return lines.filter(({ what }) => what === 'FundsReleased' || what === 'FundsRefunded').map(told);
}

function told({ at, what, rule, amount, splits, totals }: SimulatedLine): string {
  const parts = splits.map((part) => `${part.role} ${part.amount}`).join(' + ');
  return `${at.slice(0, 16)} ${what === 'FundsReleased' ? '→' : '←'} ${rule ?? '-'} ${amount} (${parts}) held ${totals.held}`;
}

const lesson = (no: number, at: Instant): SimulatedAct => ({
  kind: 'attest',
  at,
  rule: 'lesson',
  payload: { lessonNo: no.toString(), deliveredOn: at.slice(0, 10) },
});

describe('a course, played through', () => {
  it('releases lessons by confirmation and by silence, settles an objection, and refunds the rest on withdrawal', () => {
    const result = play('tuition-per-lesson', [
      { kind: 'fund', at: day(1), amount: 480_000n },
      lesson(1, day(3)),
      { kind: 'confirm', at: day(3, 5), role: 'payer', rule: 'lesson', unit: '1' },
      lesson(2, day(4)),
      lesson(3, day(10)),
      { kind: 'object', at: day(11), role: 'payer', rule: 'lesson', unit: '3' },
      { kind: 'vote', at: day(12), role: 'payer', outcome: 'refund' },
      { kind: 'vote', at: day(12, 1), role: 'school', outcome: 'refund' },
      lesson(3, day(13)),
      lesson(4, day(20)),
      { kind: 'approve', at: day(20, 1), role: 'payer', rule: 'withdraw' },
      lesson(5, day(21)),
    ]);
    expect(moves(result)).toEqual([
      // Confirmed.
      '2026-09-04T05:00 → lesson 20000 (school 20000) held 460000',
      // Deemed: three working days after Saturday 5 September are Wednesday the 9th, without holidays between.
      '2026-09-09T00:00 → lesson 20000 (school 20000) held 440000',
      // Objected to, and decided for the payer.
      '2026-09-13T01:00 ← - 20000 (payer 20000) held 420000',
      '2026-09-21T01:00 ← withdraw 400000 (payer 400000) held 20000',
      // Taught before the withdrawal, and nobody objected.
      '2026-09-24T00:00 → lesson 20000 (school 20000) held 0',
    ]);
    expect(
      result.lines.filter(({ what }) => what === 'Refused').map(({ act, refusal }) => [act, refusal!.code]),
    ).toEqual([
      [8, 'EVIDENCE_CONFLICT'],
      [11, 'CONTRACT_CLOSING'],
    ]);
    expect(result).toMatchObject({
      status: 'completed',
      paid: [
        { role: 'payer', amount: 420_000n },
        { role: 'school', amount: 60_000n },
      ],
      totals: { funded: 480_000n, released: 60_000n, refunded: 420_000n, held: 0n, frozen: 0n },
      endedAt: '2026-09-24T00:00:00.000Z',
      truncated: false,
    });
  });

  it('ends by the clock alone, whatever is left undone', () => {
    expect(play('tuition-per-lesson', [])).toMatchObject({ status: 'cancelled', paid: [] });
    const funded = play('tuition-per-lesson', [{ kind: 'fund', at: day(1), amount: 480_000n }]);
    expect(moves(funded)).toEqual(['2027-02-28T16:00 ← - 480000 (payer 480000) held 0']);
    expect(funded).toMatchObject({ status: 'expired', endedAt: '2027-02-28T16:00:00.000Z' });
  });
});

describe('every built-in template, played through', () => {
  it('pays a monthly course at the end of each month', () => {
    const result = play('tuition-monthly', [{ kind: 'fund', at: day(1), amount: 450_000n }]);
    expect(moves(result)).toEqual([
      '2026-10-09T16:00 → month 148351 (school 148351) held 301649',
      '2026-11-09T16:00 → month 153297 (school 153297) held 148352',
      '2026-12-09T16:00 → month 148352 (school 148352) held 0',
    ]);
    expect(result.status).toBe('completed');
  });

  it('splits the tranches of a loan, and leaves the rest to the parties of the exact share', () => {
    const milestone = (no: string, at: Instant): readonly SimulatedAct[] => [
      { kind: 'attest', at, rule: 'milestone', payload: { milestone: no, reachedOn: '2026-10-01' } },
      { kind: 'approve', at, role: 'bank', rule: 'milestone', unit: no },
      { kind: 'approve', at, role: 'supervisor', rule: 'milestone', unit: no },
    ];
    const result = play('provident-loan-milestones', [
      { kind: 'fund', at: day(1), amount: 100_000_000n },
      ...milestone('1', day(30)),
      ...milestone('2', day(200)),
    ]);
    expect(moves(result)).toEqual([
      '2026-10-01T00:00 → milestone 30000000 (developer 28500000 + bank 1500000) held 70000000',
      '2027-03-20T00:00 → milestone 30000000 (developer 28500000 + bank 1500000) held 40000000',
      '2028-09-30T16:00 ← - 40000000 (fund 40000000) held 0',
    ]);
  });

  it('pays assessed tax after the period of objection and gives back what was withheld too much', () => {
    const result = play('tax-withhold-assess', [
      { kind: 'fund', at: day(1), amount: 1_500_000n },
      { kind: 'attest', at: day(2), rule: 'tax', payload: { assessmentNo: 'A1', payable: '1200000' } },
      { kind: 'attest', at: day(2), rule: 'overpaid', payload: { assessmentNo: 'A1', payable: '1200000' } },
      { kind: 'approve', at: day(3), role: 'office', rule: 'overpaid', unit: 'A1' },
    ]);
    expect(moves(result)).toEqual([
      '2026-09-04T00:00 ← overpaid 300000 (taxpayer 300000) held 1200000',
      '2026-09-24T00:00 → tax 1200000 (treasury 1200000) held 0',
    ]);
    expect(result.status).toBe('completed');
  });

  it('draws a meter deposit, waits for a top-up, and closes the account', () => {
    const reading = (no: string, kwh: string, at: Instant): SimulatedAct => ({
      kind: 'attest',
      at,
      rule: 'usage',
      payload: { readingNo: no, reading: kwh },
    });
    const result = play('prepaid-meter-deposit', [
      { kind: 'fund', at: day(1), amount: 10_000n },
      reading('1', '100.5', day(10)),
      reading('2', '300', day(20)),
      reading('3', '299', day(21)),
      { kind: 'fund', at: day(30), amount: 10_000n },
      { kind: 'approve', at: day(40), role: 'customer', rule: 'closeAccount' },
      { kind: 'approve', at: day(41), role: 'utility', rule: 'closeAccount' },
    ]);
    expect(moves(result)).toEqual([
      '2026-09-14T00:00 → usage 5326 (utility 5326) held 4674',
      '2026-09-24T00:00 → usage 4674 (utility 4674) held 0',
      '2026-10-01T00:00 → usage 5900 (utility 5900) held 4100',
      '2026-10-12T00:00 ← closeAccount 4100 (customer 4100) held 0',
    ]);
    expect(result.lines.find(({ what }) => what === 'Refused')?.refusal?.code).toBe('EVIDENCE_OUT_OF_ORDER');
  });

  it('takes vouchers and red packets at allowed merchants, and gives the rest back on expiry', () => {
    const spend = (at: Instant, mcc: string, of: bigint, amount: bigint): SimulatedAct => ({
      kind: 'claim',
      at,
      role: 'holder',
      rule: 'spend',
      amount,
      spend: of,
      mcc,
    });
    const voucher = play('consumption-voucher', [
      { kind: 'fund', at: day(1), amount: 5_000n },
      spend(day(2), '7995', 20_000n, 1_000n),
      spend(day(2), '5812', 9_999n, 1_000n),
      spend(day(2), '5812', 10_000n, 3_000n),
      spend(day(3), '5411', 10_000n, 3_000n),
    ]);
    expect(moves(voucher)).toEqual([
      '2026-09-03T00:00 → spend 3000 (merchant 3000) held 2000',
      '2026-12-31T16:00 ← - 2000 (sponsor 2000) held 0',
    ]);
    expect(voucher.lines.flatMap(({ refusal }) => (refusal ? [refusal.code] : []))).toEqual([
      'MERCHANT_NOT_ALLOWED',
      'BELOW_MIN_SPEND',
      'EXCEEDS_CAP',
    ]);
    const packet = play('red-packet', [
      { kind: 'fund', at: day(1), amount: 888n },
      spend(day(2), '9999', 888n, 888n),
    ]);
    expect(moves(packet)).toEqual(['2026-09-03T00:00 → spend 888 (merchant 888) held 0']);
    expect(packet.status).toBe('completed');
  });

  it('streams a subsidy from its cliff on, and stops it', () => {
    const result = play('subsidy-stream', [
      { kind: 'fund', at: day(1), amount: 1_200_000n },
      { kind: 'approve', at: day(130), role: 'sponsor', rule: 'revoke' },
      { kind: 'approve', at: day(131), role: 'arbiter', rule: 'revoke' },
    ]);
    expect(moves(result)).toEqual([
      '2026-12-09T16:00 → stream 299178 (beneficiary 299178) held 900822',
      '2027-01-09T16:00 → stream 101917 (beneficiary 101917) held 798905',
      '2027-01-10T00:00 ← revoke 798905 (sponsor 798905) held 0',
    ]);
  });

  it('returns a deposit on the day, less a deduction that nobody objected to', () => {
    const result = play('deposit-return', [
      { kind: 'fund', at: day(1), amount: 600_000n },
      {
        kind: 'attest',
        at: day(370),
        rule: 'deduction',
        payload: { inspectionNo: 'I1', deduction: '50000' },
      },
    ]);
    expect(moves(result)).toEqual([
      '2027-09-13T00:00 → deduction 50000 (lessor 50000) held 550000',
      '2027-09-14T16:00 ← giveBack 550000 (lessee 550000) held 0',
    ]);
    expect(result.status).toBe('completed');
  });

  it('lets an escrow go by two of three or by the secret', () => {
    const fund: SimulatedAct = { kind: 'fund', at: day(1), amount: 3_000_000n };
    const agreed = play('escrow-k-of-n', [
      fund,
      { kind: 'approve', at: day(2), role: 'buyer', rule: 'accepted' },
      { kind: 'approve', at: day(3), role: 'seller', rule: 'accepted' },
    ]);
    expect(moves(agreed)).toEqual(['2026-09-04T00:00 → accepted 3000000 (seller 3000000) held 0']);
    const secret = play('escrow-k-of-n', [
      fund,
      { kind: 'reveal', at: day(2), role: 'seller', rule: 'accepted' },
    ]);
    expect(moves(secret)).toEqual(['2026-09-03T00:00 → accepted 3000000 (seller 3000000) held 0']);
    const off = play('escrow-k-of-n', [
      fund,
      { kind: 'approve', at: day(2), role: 'seller', rule: 'cancelled' },
      { kind: 'approve', at: day(3), role: 'arbiter', rule: 'cancelled' },
    ]);
    expect(moves(off)).toEqual(['2026-09-04T00:00 ← cancelled 3000000 (buyer 3000000) held 0']);
  });

  it('awards a budget and never more than it', () => {
    const award = (at: Instant, amount: bigint): SimulatedAct => ({
      kind: 'claim',
      at,
      role: 'organiser',
      rule: 'award',
      amount,
    });
    const result = play('campaign-budget', [
      { kind: 'fund', at: day(1), amount: 10_000_000n },
      award(day(2), 6_000_000n),
      award(day(3), 6_000_000n),
    ]);
    expect(moves(result)).toEqual([
      '2026-09-03T00:00 → award 6000000 (pool 6000000) held 4000000',
      '2027-01-31T16:00 ← - 4000000 (sponsor 4000000) held 0',
    ]);
  });
});

describe('a simulation', () => {
  it('tells refused parameters and acts before the contract as refusals', () => {
    const result = play('red-packet', [{ kind: 'fund', at: day(1), amount: 1n }], { amount: '-1' });
    expect(result.lines).toMatchObject([
      { what: 'Refused', act: null, refusal: { code: 'INVALID_PARAMETERS' } },
    ]);
    const wrong = play('red-packet', [{ kind: 'fund', at: day(1), amount: 889n }]);
    // One act, one refusal: nothing is deposited that there was no room for.
    expect(wrong.lines.filter(({ what }) => what === 'Refused')).toMatchObject([
      { act: 0, refusal: { code: 'EXCEEDS_MAX_FUNDING' } },
    ]);
    const early = play('red-packet', [{ kind: 'fund', at: day(-1), amount: 888n }]);
    expect(early.lines.find(({ act }) => act === 0)).toMatchObject({
      what: 'Refused',
      refusal: { code: 'CLOCK_REGRESSION' },
    });
  });

  it('shows an amendment: what is earned stays, the surplus comes back', () => {
    const result = play('tuition-per-lesson', [
      { kind: 'fund', at: day(1), amount: 480_000n },
      lesson(1, day(3)),
      { kind: 'amend', at: day(4), role: 'school', params: { total: '240000', lessons: '12' } },
      { kind: 'amend', at: day(5), role: 'school', params: { cooling: 'P0D' } },
    ]);
    expect(moves(result)[0]).toBe('2026-09-05T00:00 ← - 240000 (payer 240000) held 240000');
    expect(result.lines.find(({ what }) => what === 'Refused')).toMatchObject({
      act: 3,
      refusal: { code: 'INVALID_PARAMETERS', details: { parameter: 'cooling', fault: 'SET_BY_REGION' } },
    });
  });

  it('takes 1,000 acts at most, in any order', () => {
    const acts = Array.from({ length: 1_000 }, (_, index) => lesson(index, day(1_000 - index)));
    expect(play('tuition-per-lesson', acts).lines).toHaveLength(1_005);
    expect(() => play('tuition-per-lesson', [...acts, ...acts])).toThrow(RangeError);
  });
});
