import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { CONTRACT_SCHEMAS_DIRECTORY, sampleParameters } from '#libs/testing/contract-language.js';
import { BUILT_IN_REGIONS } from '../../domain/region/index.js';
import { compileTerms, parametersOf } from '../../domain/terms/index.js';
import { loadTemplateLanguage } from './template-language.js';

const language = loadTemplateLanguage(CONTRACT_SCHEMAS_DIRECTORY);
const at = parseInstant('2026-09-01T00:00:00Z');

const IDS = [
  'campaign-budget',
  'consumption-voucher',
  'deposit-return',
  'escrow-k-of-n',
  'prepaid-meter-deposit',
  'provident-loan-milestones',
  'red-packet',
  'subsidy-stream',
  'tax-withhold-assess',
  'tuition-monthly',
  'tuition-per-lesson',
];

describe('built-in templates', () => {
  it('are all there, each with sample parameters', () => {
    expect([...language.builtIn.keys()]).toEqual(IDS);
    expect(readdirSync(join(CONTRACT_SCHEMAS_DIRECTORY, 'samples')).toSorted()).toEqual(
      IDS.map((id) => `${id}.json`),
    );
  });

  it.each(IDS)('%s can be published: nothing is found wrong with it', (id) => {
    const file = join(CONTRACT_SCHEMAS_DIRECTORY, 'templates', `${id}.yaml`);
    const { template, hash } = language.builtIn.get(id)![0]!;
    expect(language.read(readFileSync(file, 'utf8'))).toEqual({ template, hash });
    // A document and its JSON are one and the same.
    expect(language.read(JSON.stringify(template))).toEqual({ template, hash });
  });

  it.each(IDS)('%s compiles with its sample, and the region CN has the parameters it asks for', (id) => {
    const [published] = language.builtIn.get(id)!;
    const { template, hash } = published!;
    expect(`${template.id} ${template.version}`).toBe(`${id} 1.0.0`);
    const { given, regional } = sampleParameters(id);
    expect(BUILT_IN_REGIONS.get('CN')!.values[id] ?? {}).toEqual(regional);
    const params = parametersOf(template, { given, regional, at });
    expect(params).toEqual({ accepted: true, value: { ...given, ...regional } });
    const compiled = compileTerms(template, hash, { ...given, ...regional });
    expect(compiled).toMatchObject({
      accepted: true,
      value: { templateId: id, templateHash: hash, asset: 'CNY/2' },
    });
  });

  it.each(IDS)('%s misses every single parameter that is left out', (id) => {
    const { template } = language.builtIn.get(id)![0]!;
    const { given, regional } = sampleParameters(id);
    for (const name of Object.keys(given)) {
      const { [name]: _, ...rest } = given;
      expect(parametersOf(template, { given: rest, regional, at })).toMatchObject({
        accepted: false,
        rejection: { code: 'INVALID_PARAMETERS', details: { parameter: name, fault: 'MISSING' } },
      });
    }
    for (const name of Object.keys(regional)) {
      const { [name]: _, ...rest } = regional;
      expect(parametersOf(template, { given, regional: rest, at })).toMatchObject({
        accepted: false,
        rejection: { details: { parameter: name, fault: 'NOT_SET_BY_REGION' } },
      });
    }
  });
});
