/** Every shipped template with small figures, so that a few moves reach its corners. Read from schemas/contracts/templates. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { AttestorKey, ParameterValues, Template } from '#libs/contracts/domain/template/types.js';
import { partiesOf, type Setup } from './setup.js';

const TEMPLATES = path.resolve(import.meta.dirname, '../../../schemas/contracts/templates');

const START = '2026-09-01T02:00:00.000Z';
const fundBy = '2026-09-05T02:00:00.000Z';
const endsAt = '2026-12-31T02:00:00.000Z';
const key: AttestorKey = { keyId: 'k1-0011223344556677', alg: 'Ed25519', publicKey: 'A'.repeat(43) };

interface Figures {
  readonly params: ParameterValues;
  readonly deposit: string;
  readonly amended?: ParameterValues;
}

/** Amounts that do not divide evenly, so that rounding shows. */
const FIGURES: Readonly<Record<string, Figures>> = {
  'tuition-per-lesson': {
    params: {
      total: '1000',
      lessons: '3',
      fundBy,
      endsAt,
      attKeys: [key],
      cooling: '3WD',
      maxTotal: '500000',
      maxLessons: '60',
    },
    deposit: '1000',
    amended: { total: '800' },
  },
  'tuition-monthly': {
    params: {
      total: '1000',
      start: '2026-09-10T00:00:00.000Z',
      stop: '2026-12-10T00:00:00.000Z',
      fundBy,
      endsAt,
      maxTotal: '500000',
      maxPeriod: 'P3M',
    },
    deposit: '1000',
    amended: { total: '1100' },
  },
  'provident-loan-milestones': {
    params: { loan: '1001', plan: ['300', '300', '401'], fundBy, longstop: endsAt, supKeys: [key] },
    deposit: '1001',
  },
  'tax-withhold-assess': {
    params: { withheld: '3000', notice: 'P2D', fundBy, dueBy: endsAt, officeKeys: [key] },
    deposit: '3000',
  },
  'prepaid-meter-deposit': {
    params: { min: '500', max: '2000', tariff: '53/2', notice: 'P1D', fundBy, endsAt, meterKeys: [key] },
    deposit: '600',
  },
  'consumption-voucher': {
    params: { face: '1000', minSpend: '500', shops: ['*'], mccs: ['*'], fundBy, expires: endsAt },
    deposit: '1000',
  },
  'red-packet': { params: { amount: '1000', fundBy, expires: endsAt }, deposit: '1000' },
  'subsidy-stream': {
    params: {
      total: '1000',
      start: '2026-09-10T00:00:00.000Z',
      cliff: '2026-09-12T00:00:00.000Z',
      stop: '2026-09-17T00:00:00.000Z',
      every: 'P1D',
      fundBy,
      endsAt,
    },
    deposit: '1000',
  },
  'deposit-return': {
    params: {
      deposit: '3000',
      notice: 'P2D',
      fundBy,
      returnOn: '2026-10-01T00:00:00.000Z',
      endsAt,
      inspectionKeys: [key],
    },
    deposit: '3000',
  },
  'escrow-k-of-n': { params: { price: '999', secretHash: 'c'.repeat(64), fundBy, endsAt }, deposit: '999' },
  'campaign-budget': { params: { budget: '1000', fundBy, endsAt }, deposit: '1000' },
};

/** Throws for a template without figures: a new one must not go untried. */
export function shippedSetups(): readonly Setup[] {
  return readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const template = parse(readFileSync(path.join(TEMPLATES, name), 'utf8')) as Template;
      const figures = FIGURES[template.id];
      if (!figures) throw new Error(`Template ${template.id} has no figures to be tried out with.`);
      return { template, parties: partiesOf(template), start: START, ...figures };
    });
}
