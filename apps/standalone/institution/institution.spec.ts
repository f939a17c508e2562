import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { noticeRoute } from '#apps/gateway/channels/notices.js';
import { FrontDoor } from '#apps/gateway/http/front-door.js';
import type { Listening } from '#apps/sandbox-bank/exchange.js';
import { NoticeDoor } from '#libs/channels/notices/door.js';
import type { ChannelNotice, ChannelOperation } from '#libs/channels/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import { SqliteNonces } from '#libs/security/adapters/nonces-sqlite.js';
import { operationOf } from '#libs/testing/contracts/external-channel.js';
import { type TemporaryFolder, temporaryFolder } from '#libs/testing/temporary-folder.js';
import { readConfig } from '../config.js';
import { type Institution, openInstitution } from './institution.js';

const MAIN = resolve('dist/apps/standalone/main.js');
const runtime = systemRuntime();
let folder: TemporaryFolder;
const children: ChildProcess[] = [];
const opened: Institution[] = [];
const banks: number[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const institution of opened.splice(0)) await institution.stop();
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // Gone already, unless a test has failed.
  for (const pid of banks.splice(0)) if (isBank(pid)) process.kill(pid, 'SIGKILL');
  folder[Symbol.dispose]();
});

/** Processes whose parent is `pid` and that run the sandbox. */
function sandboxesOf(pid: number): number[] {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid && isBank(candidate));
  banks.push(...found);
  return found;
}

function parentOf(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? undefined : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

/** A process that has ended and is not yet waited for has no command line. */
const isBank = (pid: number): boolean => read(`/proc/${pid}/cmdline`).includes('sandbox-bank');

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function until(fact: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const startedMs = performance.now();
  while (!(await fact())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`Not within ${withinMs} ms.`);
    await sleep(10);
  }
  return performance.now() - startedMs;
}

async function open(env: Readonly<Record<string, string>> = {}, port = 9): Promise<Institution> {
  const config = readConfig({ SLUICE_DATA_DIR: folder.path, ...env });
  const institution = await openInstitution({ config, runtime, port, report: () => undefined });
  opened.push(institution);
  await institution.ready();
  return institution;
}

const demoOperation = (fen = 100n, more: Partial<ChannelOperation> = {}) =>
  operationOf('collect', fen, { tenant: DEMO_TENANT, ...more });

async function launch(): Promise<ChildProcess & { readonly pid: number }> {
  const { NODE_ENV: _test, NODE_OPTIONS: _options, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { ...inherited, SLUICE_DATA_DIR: folder.path, PORT: '0', SLUICE_DEMO: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until(() => /http:\/\/localhost:\d+/.test(said) || child.exitCode !== null, 15_000);
  expect(child.exitCode).toBe(null);
  return child as ChildProcess & { readonly pid: number };
}

describe('the sandbox bank beside the standalone program', () => {
  it('starts with it and is gone soon after it was killed', async () => {
    const program = await launch();
    const [bank, ...more] = sandboxesOf(program.pid);
    expect([typeof bank, more]).toEqual(['number', []]);
    // Secrets of the program are no business of the bank's.
    expect(read(`/proc/${bank}/environ`)).not.toMatch(/SLUICE_MASTER_KEY|SLUICE_DATA_DIR/);
    program.kill('SIGKILL');
    await once(program, 'exit');
    expect(await until(() => !isBank(bank!), 2_000)).toBeLessThan(2_000);
  });

  it('ends with it when it is asked to end', async () => {
    const program = await launch();
    const [bank] = sandboxesOf(program.pid);
    program.kill('SIGTERM');
    const [code] = (await once(program, 'exit')) as [number];
    expect(code).toBe(0);
    expect(isBank(bank!)).toBe(false);
  });

  it('keeps its books when it is killed, and is started again', async () => {
    const { channel } = await open();
    const operation = demoOperation();
    const reply = await channel.submit(operation);
    expect(reply.outcome).toBe('succeeded');
    const [bank] = sandboxesOf(process.pid);
    process.kill(bank!, 'SIGKILL');
    await until(() => sandboxesOf(process.pid).some((pid) => pid !== bank), 5_000);
    const again = () => channel.submit(operation).catch(() => undefined);
    await until(async () => (await again()) !== undefined, 5_000);
    expect(await again()).toEqual(reply);
  });

  it('knows it after a restart by the same keys, readable by the owner alone', async () => {
    const first = await open();
    const operation = demoOperation();
    const reply = await first.channel.submit(operation);
    await first.stop();
    expect(sandboxesOf(process.pid)).toEqual([]);
    const second = await open();
    expect(await second.channel.query(operation)).toEqual(reply);
    for (const file of ['bank/sluice-keys.json', 'bank/sandbox/keys.json'])
      expect((await stat(folder.file(file))).mode & 0o077).toBe(0);
    const published =
      read(folder.file('bank/sluice-public.json')) + read(folder.file('bank/institution-public.json'));
    expect(published).toContain('"x":');
    expect(published).not.toContain('"d":');
  });
});

describe('a notice from the sandbox’s process', () => {
  it('comes through the front door, three times for .04', async () => {
    const front = new FrontDoor({ port: 0, allowedOrigins: [] });
    const { agreement, channel } = await open({}, await front.listen());
    const nonces = SqliteNonces.open({ file: folder.file('nonces.db'), clock: runtime.clock });
    const taken: ChannelNotice[] = [];
    const receive = async (notice: ChannelNotice) => (taken.push(notice), 'taken' as const);
    const receivers = [{ prefix: 'payment', receive }];
    const faults: unknown[] = [];
    const report = (fault: unknown) => void faults.push(fault);
    try {
      front.open([noticeRoute(new NoticeDoor({ agreement, nonces, receivers, runtime, report }))]);
      const operation = demoOperation(104n);
      const reply = await channel.submit(operation);
      await until(() => taken.length === 3, 5_000);
      const { port } = JSON.parse(read(folder.file('bank/sandbox/listening.json'))) as Listening;
      await until(async () => (await facts(port)).includes('"delivered":1'), 5_000);
      expect(taken).toHaveLength(3);
      expect(new Set(taken.map(({ noticeId }) => noticeId)).size).toBe(1);
      expect(taken[0]).toMatchObject({
        operationId: operation.operationId,
        tenant: DEMO_TENANT,
        outcome: 'succeeded',
        reference: reply.outcome === 'succeeded' ? reply.reference : '',
      });
      expect(faults).toEqual([]);
    } finally {
      const closed = front.close();
      front.server.closeAllConnections();
      await closed;
      await nonces.close();
    }
  });

  const facts = async (port: number) => (await fetch(`http://127.0.0.1:${port}/sandbox/facts`)).text();
});

describe('without the sandbox', () => {
  it('nothing is sent, and said so', async () => {
    const { channel } = await open({ SLUICE_BANK_URL: 'off' });
    expect(sandboxesOf(process.pid)).toEqual([]);
    const operation = demoOperation();
    expect(await channel.submit(operation)).toEqual({ outcome: 'declined', reason: 'NO_AGREEMENT' });
    expect(await channel.query(operation)).toEqual({ outcome: 'notFound' });
    expect(await channel.cancel(operation)).toEqual({ outcome: 'cancelled' });
  });

  it('what was sent in former days is unknown, not declined', async () => {
    const before = await open();
    const operation = demoOperation();
    await before.channel.submit(operation);
    await before.stop();
    const { channel } = await open({ SLUICE_BANK_URL: 'off' });
    for (const asked of [channel.submit(operation), channel.query(operation), channel.cancel(operation)])
      await expect(asked).rejects.toMatchObject({ name: 'ChannelUnknown' });
  });

  it('an institution elsewhere is asked at its address', async () => {
    const { channel } = await open({ SLUICE_BANK_URL: 'http://127.0.0.1:9/' });
    await expect(channel.query(demoOperation())).rejects.toMatchObject({ name: 'ChannelUnknown' });
    expect(sandboxesOf(process.pid)).toEqual([]);
  });
});
