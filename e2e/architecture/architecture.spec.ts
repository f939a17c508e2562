import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { check, plant, uproot, type Verdict } from './planted-tree.js';
import { PLANTED_ALONE, PLANTED_TOGETHER } from './planted.js';

// A check that cannot fail is no check: each rule sees a violation planted for it and must name it.
const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const TIME_LIMIT_MS = 120_000;

const filesOf = (fixture: string): string[] =>
  readdirSync(path.join(FIXTURES, fixture), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(FIXTURES, fixture), path.join(entry.parentPath, entry.name)));

const foldersIn = (folder: string): string[] => readdirSync(path.join(FIXTURES, folder)).sort();

async function judge(fixtures: string[], without: readonly string[], only?: string): Promise<Verdict> {
  const root = await plant(fixtures, without);
  try {
    return await check(root, only);
  } finally {
    await uproot(root);
  }
}

test(
  'the clean tree passes every check',
  async () => {
    expect(await judge([], [])).toEqual({ exitCode: 0, findings: [] });
  },
  TIME_LIMIT_MS,
);

describe.each(Object.entries(PLANTED_TOGETHER))('%s', (only, planted) => {
  const names = Object.keys(planted);
  let verdict: Verdict;
  beforeAll(async () => {
    const fixtures = names.map((name) => `${only}/${name}`);
    verdict = await judge(fixtures, [], only);
  }, TIME_LIMIT_MS);

  test.each(Object.entries(planted))('%s is caught by %s', (name, rule) => {
    const files = filesOf(`${only}/${name}`);
    const rules = verdict.findings.filter(({ file }) => files.includes(file)).map((finding) => finding.rule);
    expect([...new Set(rules)]).toEqual([rule]);
  });

  test('fails, and nothing but the planted files is accused', () => {
    const files = new Set(names.flatMap((name) => filesOf(`${only}/${name}`)));
    expect(verdict.exitCode).toBe(1);
    expect(verdict.findings.filter(({ file }) => !files.has(file))).toEqual([]);
  });

  test('every fixture in the folder is expected here', () => {
    expect(foldersIn(only)).toEqual([...names].sort());
  });
});

describe('planted alone', () => {
  test.each(PLANTED_ALONE)(
    '$check: $fixture (without $without) is caught by $rules',
    async ({ check: only, fixture, without = [], rules }) => {
      const verdict = await judge(fixture ? [`${only}/${fixture}`] : [], without, only);
      const spoke = [...new Set(verdict.findings.map(({ rule }) => rule))].sort();
      expect({ exitCode: verdict.exitCode, spoke }).toEqual({ exitCode: 1, spoke: rules });
    },
    TIME_LIMIT_MS,
  );

  test('every fixture in the folders is expected here', () => {
    const checks = [...new Set(PLANTED_ALONE.map((planted) => planted.check))];
    const present = checks.flatMap((only) => foldersIn(only).map((name) => `${only}/${name}`));
    const expected = PLANTED_ALONE.flatMap(({ check: only, fixture }) =>
      fixture ? [`${only}/${fixture}`] : [],
    );
    expect(present.sort()).toEqual(expected.sort());
  });
});

describe('event schemas after a commit', () => {
  const SCHEMA = 'schemas/events/billing/BillPaid.v1.json';
  const LOCK = 'schemas/events/schemas.lock.json';
  let root: string;
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', root, ...args]);
  const rulesNow = async (...flags: string[]): Promise<string[]> =>
    (await check(root, 'event-schemas', ...flags)).findings.map(({ rule }) => rule);

  beforeAll(async () => {
    root = await plant([]);
    await git('init', '--quiet');
  });
  afterAll(() => uproot(root));

  test(
    'a schema may change until it is committed, and never again',
    async () => {
      await writeFile(path.join(root, SCHEMA), '{ "title": "BillPaid", "type": "string" }\n');
      expect(await rulesNow()).toEqual(['event-schema-not-listed']);
      expect(await rulesNow('--update')).toEqual([]);
      expect(await rulesNow()).toEqual([]);

      await git('add', 'schemas');
      await git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '-m', 'schemas');
      const committed = await readFile(path.join(root, LOCK), 'utf8');
      await writeFile(path.join(root, SCHEMA), '{ "title": "BillPaid", "type": "array" }\n');
      expect(await rulesNow('--update')).toEqual(['event-schema-changed']);
      expect(await readFile(path.join(root, LOCK), 'utf8')).toBe(committed);
    },
    TIME_LIMIT_MS,
  );

  test(
    'a committed schema takes a new optional property, and nothing else',
    async () => {
      const file = path.join(root, 'schemas/events/billing/BillSent.v1.json');
      const write = (schema: object) => writeFile(file, `${JSON.stringify(schema)}\n`);
      const before = {
        title: 'BillPaid',
        type: 'object',
        properties: { amount: { type: 'string' }, payer: { type: 'object', properties: {}, required: [] } },
        required: ['amount'],
        additionalProperties: false,
      };
      await git('checkout', '--quiet', 'schemas');
      await write(before);
      expect(await rulesNow('--update')).toEqual([]);
      await git('add', 'schemas');
      await git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '--quiet', '-m', 'schemas');
      const widened = { ...before, properties: { ...before.properties, note: { type: 'string' } } };
      const rulesFor = async (schema: object): Promise<string[]> => {
        await write(schema);
        return rulesNow('--update');
      };
      const payer = { type: 'object', properties: { name: { type: 'string' } }, required: [] };
      expect(await rulesFor({ ...before, properties: { ...before.properties, payer } })).toEqual([]);
      expect(await rulesFor(widened)).toEqual([]);
      expect(await rulesNow()).toEqual([]);
      const changed = ['event-schema-changed'];
      expect(await rulesFor({ ...widened, required: ['amount', 'note'] })).toEqual(changed);
      expect(await rulesFor({ ...before, properties: { amount: before.properties.amount } })).toEqual(
        changed,
      );
      expect(await rulesFor({ ...before, additionalProperties: true })).toEqual(changed);
      const enumerated = { ...before.properties, amount: { type: 'string', enum: ['1'] } };
      expect(await rulesFor({ ...before, properties: enumerated })).toEqual(changed);
      await write(before);
      await rulesNow('--update');
    },
    TIME_LIMIT_MS,
  );

  test('the list itself cannot be rewritten by hand', async () => {
    await writeFile(path.join(root, SCHEMA), '{ "title": "BillPaid", "type": "array" }\n');
    await writeFile(path.join(root, LOCK), '{}\n');
    expect([...new Set(await rulesNow())]).toEqual(['event-schema-changed', 'event-schema-lock-tampered']);
  });
});
