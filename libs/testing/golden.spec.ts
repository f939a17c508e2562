import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { goldenChecks } from './golden.js';
import { tillEvents, tillSchemaDocuments } from './till.js';

const SAMPLES: Readonly<Record<string, object>> = {
  'TillOpened.v1.usual': { limit: '100' },
  'CashDeposited.v1.first': { amount: '5' },
  'CashDeposited.v2.usual': { amount: '5', note: '学费' },
  'OwnerNamed.v1.usual': { ownerId: 's', owner: { name: 'n', phone: '1' } },
};

describe('goldenChecks', () => {
  let directory: string;
  const write = (path: string, content: object): void =>
    writeFileSync(join(directory, path), JSON.stringify(content));
  const outcome = (): string[] =>
    goldenChecks(tillEvents, { directory }).map(({ storedType, check }) => {
      try {
        check();
        return `${storedType} fine`;
      } catch {
        return `${storedType} broken`;
      }
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-golden-'));
    mkdirSync(join(directory, 'testing/samples'), { recursive: true });
    for (const { path, schema } of tillSchemaDocuments) write(path, schema);
    for (const [name, data] of Object.entries(SAMPLES)) write(`testing/samples/${name}.json`, { data });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('passes a complete set', () => {
    expect(outcome()).toEqual([
      'TillOpened.v1 fine',
      'CashDeposited.v1 fine',
      'CashDeposited.v2 fine',
      'OwnerNamed.v1 fine',
    ]);
  });

  it('misses a sample, a schema, a violated schema and a lossy decoder', () => {
    rmSync(join(directory, 'testing/samples/CashDeposited.v1.first.json'));
    rmSync(join(directory, 'testing/OwnerNamed.v1.json'));
    write('testing/samples/TillOpened.v1.wrong.json', { data: { limit: -1 } });
    write('testing/samples/CashDeposited.v2.lossy.json', { data: { amount: '0005', note: '' } });
    expect(outcome()).toEqual([
      'TillOpened.v1 broken',
      'CashDeposited.v1 broken',
      'CashDeposited.v2 broken',
      'OwnerNamed.v1 broken',
    ]);
  });
});
