import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { till } from '#libs/testing/till.js';
import { runCli } from './cli.js';
import { LOG_FILE } from './open-log.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cli(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  let out = '';
  let said = '';
  const code = await runCli(args, {
    write: (text) => Promise.resolve(void (out += text)),
    say: (text) => void (said += `${text}\n`),
    env: {},
  });
  return { code, out, said };
}

/** A data folder whose log has three tills of three events, by the product's own runner. */
async function logIn(name: string): Promise<{ dir: string; log: SqliteEventLog }> {
  const dir = join(folder, name);
  mkdirSync(dir);
  const runtime = systemRuntime();
  const log = await SqliteEventLog.open({ file: join(dir, LOG_FILE) }, runtime);
  const store = tillWorld({ log, runtime }).store();
  for (const id of ['a', 'b', 'c']) {
    await store.run(till, id, { kind: 'open', limitFen: 1_000n }, contextOf(`open ${id}`));
    await store.run(
      till,
      id,
      { kind: 'deposit', amountFen: 100n, note: '学费\u2028"' },
      contextOf(`one ${id}`),
    );
    const person = { kind: 'name' as const, ownerId: `owner-${id}`, name: '学生0001', phone: '10000000001' };
    await store.run(till, id, person, contextOf(`name ${id}`));
  }
  return { dir, log };
}

describe('on a sound log', () => {
  let dir = '';
  beforeAll(async () => {
    const opened = await logIn('sound');
    dir = opened.dir;
    await opened.log.close();
  });

  it('verify finds every event good', async () => {
    const { code, out } = await cli('verify', '--data-dir', dir);
    expect([code, out]).toEqual([
      0,
      'GOOD 9 events in 3 streams verify, up to position 9. 全部事件校验通过。\n',
    ]);
  });

  it('export writes one line per event, sealed, and the independent checker accepts the chain', async () => {
    const file = join(folder, 'export.ndjson');
    expect((await cli('export', '--data-dir', dir, '--out', file)).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    const { code, out, said } = await cli('export', '--data-dir', dir);
    expect([code, out === text, said]).toEqual([0, true, '9 events exported · 已导出 9 个事件\n']);
    expect(text).not.toContain('学生0001');
    expect(text).toContain('学费');
    const lines = text.trimEnd().split('\n');
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual([
      'position',
      'stream',
      'revision',
      'id',
      'type',
      'recordedAt',
      'data',
      'metadata',
    ]);
    const checked = await cli('check', '--log', file, '--json');
    const report = JSON.parse(checked.out) as {
      events: number;
      rules: { invariant: string; checked: number }[];
    };
    expect([checked.code, report.events]).toEqual([0, 9]);
    expect(report.rules.find(({ invariant }) => invariant === 'I7')?.checked).toBe(9);
  });
});

describe('on a log that is not as it was written', () => {
  it('verify names the first bad event', async () => {
    const { dir, log } = await logIn('bad');
    const [page = []] = await Array.fromAsync(log.readStream('till-b', { from: 0, limit: 1 }));
    const [first] = page;
    if (!first) throw new Error('The till is missing.');
    const metadata = { ...first.metadata, commandId: 'another' };
    await log.append('till-b', 2, [
      { id: '00000000-0000-4000-8000-000000000001', type: 'TillOpened.v1', data: first.data, metadata },
    ]);
    await log.close();
    const { code, out } = await cli('verify', '--data-dir', dir);
    expect(code).toBe(1);
    expect(out).toMatch(/^BAD {2}event 3 of till-b, position 10: /);
    const file = join(folder, 'bad.ndjson');
    await cli('export', '--data-dir', dir, '--out', file);
    const checked = await cli('check', '--log', file);
    expect([checked.code, checked.out]).toEqual([
      1,
      expect.stringContaining('first: TillOpened.v1 at till-b@3 does not match its hash'),
    ]);
  });
});

describe('errors', () => {
  it('says in two languages that the data file is in use', async () => {
    const { dir, log } = await logIn('busy');
    const { code, said } = await cli('verify', '--data-dir', dir);
    await log.close();
    expect(code).toBe(2);
    expect(said).toMatch(/in use by process \d+[\s\S]*Stop the server first[\s\S]*请先停止服务/);
  });

  it('makes no log where there is none', async () => {
    const { code, said } = await cli('export', '--data-dir', join(folder, 'nowhere'));
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/There is no event log at .*nowhere[\s\S]*找不到事件日志/),
    ]);
  });

  it('explains itself: overview, one command, wrong options, unknown commands', async () => {
    expect(await cli('--help')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/demo-token[\s\S]*verify[\s\S]*export[\s\S]*check/),
    });
    expect(await cli()).toMatchObject({ code: 2 });
    expect(await cli('verify', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--data-dir'),
    });
    expect(await cli('verify', '--dat-dir', 'x')).toMatchObject({
      code: 2,
      said: expect.stringContaining('Usage: sluice verify'),
    });
    expect(await cli('varify')).toMatchObject({
      code: 2,
      said: expect.stringContaining('no command "varify"'),
    });
    const broken = join(folder, 'broken.ndjson');
    writeFileSync(broken, '{"position":1}\n');
    expect(await cli('check', '--log', broken)).toMatchObject({
      code: 2,
      said: expect.stringContaining('Line 1'),
    });
  });
});

describe('demo-token', () => {
  it('prints nothing but a token of the user', async () => {
    const { code, out, said } = await cli('demo-token', 'clerk', '--data-dir', join(folder, 'tokens'));
    expect([code, said]).toEqual([0, '']);
    expect(decodeJwt(out.trim())).toMatchObject({
      sub: 'demo-clerk',
      tenant: 'demo-bank',
      org: 'school-2',
      roles: ['clerk'],
    });
  });

  it('names the users it knows when asked for another', async () => {
    const { code, said } = await cli('demo-token', 'root');
    expect([code, said]).toEqual([2, expect.stringContaining('bursar, bursar1, payer, payer2, clerk')]);
  });
});
