import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

// The launcher in a tree of its own: nothing to install, nothing to build, a server and a jest that are played.
const TOOLCHAIN = import.meta.dirname;
const TIME_LIMIT_MS = 30_000;

const SERVER = `
import { appendFileSync } from 'node:fs';
const say = (word) => appendFileSync(process.env.DIARY, word + '\\n');
const open = setInterval(() => undefined, 1000);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    say(signal);
    setTimeout(() => { say('drained'); clearInterval(open); process.exitCode = 7; }, 400);
  });
say('ready');
console.log('to stdout ' + process.argv.slice(2));
`;
const JEST = `
const { writeFileSync } = require('node:fs');
if (process.env.COUNTED) writeFileSync(process.env.SLUICE_TEST_RESULT, process.env.COUNTED);
console.log('a report');
process.exit(Number(process.env.JEST_CODE));
`;

let root: string;
let diary: string;

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'sluice-launch-'));
  for (const name of readdirSync(TOOLCHAIN).filter((file) => file.endsWith('.cjs'))) {
    cpSync(path.join(TOOLCHAIN, name), path.join(root, 'infra/toolchain', name));
  }
  cpSync(path.join(TOOLCHAIN, '../../.swcrc'), path.join(root, '.swcrc'));
  write('package.json', '{ "name": "played", "type": "module" }');
  write('package-lock.json', '{ "packages": {} }');
  write('node_modules/.package-lock.json', '{ "packages": {} }');
  write('node_modules/jest/package.json', '{ "type": "commonjs" }');
  write('node_modules/jest/bin/jest.js', JEST);
  write('dist/apps/standalone/main.js', SERVER);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  diary = path.join(root, `diary-${Math.random()}`);
});

const entries = (): string[] => (existsSync(diary) ? readFileSync(diary, 'utf8').trim().split('\n') : []);

async function untilWritten(word: string): Promise<void> {
  for (let turn = 0; turn < 200 && !entries().includes(word); turn++) await sleep(50);
  expect(entries()).toContain(word);
}

const launcher = (): string => path.join(root, 'infra/toolchain/launch.cjs');

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { npm_lifecycle_event: _event, npm_execpath: _npm, ...own } = process.env;
  return { ...own, DIARY: diary, NODE_OPTIONS: '', ...extra };
}

function launch(args: string[], extra: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [launcher(), ...args], { cwd: root, env: environment(extra) });
}

/** A parent that does not pass signals on, as npm's shell. */
function launchBehindShell(): ChildProcess {
  const command = `"${process.execPath}" "${launcher()}" start; exit $?`;
  return spawn('sh', ['-c', command], { cwd: root, env: environment({ npm_lifecycle_event: 'start' }) });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout };
}

describe('a server', () => {
  test(
    'drains after SIGTERM, and its exit code and output pass through',
    async () => {
      const child = launch(['start', '--port', '1']);
      const end = ended(child);
      await untilWritten('ready');
      child.kill('SIGTERM');
      expect(await end).toEqual({ code: 7, stdout: 'to stdout --port,1\n' });
      expect(entries()).toEqual(['ready', 'SIGTERM', 'drained']);
    },
    TIME_LIMIT_MS,
  );

  test(
    'sees one signal however many arrive: a second one would end its drain',
    async () => {
      const child = launch(['start']);
      const end = ended(child);
      await untilWritten('ready');
      for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) {
        child.kill(signal);
        await sleep(50);
      }
      expect((await end).code).toBe(7);
      expect(entries()).toEqual(['ready', 'SIGINT', 'drained']);
    },
    TIME_LIMIT_MS,
  );

  test(
    'is not reached by a Ctrl-C that goes to the whole process group, only by the launcher',
    async () => {
      const child = spawn(process.execPath, [launcher(), 'start'], {
        cwd: root,
        env: environment({}),
        detached: true,
      });
      const end = ended(child);
      await untilWritten('ready');
      process.kill(-child.pid!, 'SIGINT');
      expect((await end).code).toBe(7);
      expect(entries()).toEqual(['ready', 'SIGINT', 'drained']);
    },
    TIME_LIMIT_MS,
  );

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'drains when npm ends by %s',
    async (signal) => {
      const shell = launchBehindShell();
      await untilWritten('ready');
      shell.kill(signal);
      await untilWritten('drained');
      expect(entries()).toEqual(['ready', 'SIGTERM', 'drained']);
    },
    TIME_LIMIT_MS,
  );

  test(
    'drains when the launcher itself is killed hard',
    async () => {
      const child = launch(['start']);
      await untilWritten('ready');
      child.kill('SIGKILL');
      await untilWritten('drained');
    },
    TIME_LIMIT_MS,
  );

  test(
    'waits for one that is still draining',
    async () => {
      const shell = launchBehindShell();
      await untilWritten('ready');
      shell.kill('SIGKILL');
      await untilWritten('SIGTERM');
      const next = launch(['start']);
      const end = ended(next);
      await untilWritten('drained');
      for (let turn = 0; turn < 200 && entries().length < 4; turn++) await sleep(50);
      next.kill('SIGTERM');
      await end;
      expect(entries()).toEqual(['ready', 'SIGTERM', 'drained', 'ready', 'SIGTERM', 'drained']);
    },
    TIME_LIMIT_MS,
  );
});

describe('the closing line of the tests', () => {
  const run = (code: string, counted?: object): Promise<Ended> =>
    ended(launch(['test'], { JEST_CODE: code, ...(counted ? { COUNTED: JSON.stringify(counted) } : {}) }));

  test.each([
    ['all passed', '0', { passed: 3, failed: 0, skipped: 0 }, 0, 'Tests: 3 passed, 0 failed\n'],
    ['some skipped', '0', { passed: 3, failed: 0, skipped: 2 }, 0, 'Tests: 3 passed, 0 failed, 2 skipped\n'],
    ['one failed', '1', { passed: 3, failed: 1, skipped: 0 }, 1, 'Tests: 3 passed, 1 failed\n'],
    [
      'a failure that jest forgot',
      '0',
      { passed: 3, failed: 1, skipped: 0 },
      1,
      'Tests: 3 passed, 1 failed\n',
    ],
    [
      'a global teardown that failed',
      '1',
      { passed: 3, failed: 0, skipped: 0 },
      1,
      'Tests: 3 passed, 0 failed\n',
    ],
    ['none executed', '0', { passed: 0, failed: 0, skipped: 4 }, 1, 'Tests: 0 passed, 0 failed, 4 skipped\n'],
    ['jest broke down', '2', undefined, 2, 'Tests: 0 passed, 0 failed\n'],
    ['jest gave no numbers', '0', undefined, 1, 'Tests: 0 passed, 0 failed\n'],
  ])(
    '%s',
    async (...[, jestCode, counted, code, stdout]) => {
      expect(await run(jestCode, counted)).toEqual({ code, stdout });
    },
    TIME_LIMIT_MS,
  );
});

describe('the lock', () => {
  const { withLock } = createRequire(import.meta.url)('./lock.cjs') as {
    withLock: <T>(file: string, work: () => Promise<T>) => Promise<T>;
  };

  test('lets one in at a time', async () => {
    const file = path.join(root, 'one.lock');
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} in`);
      await sleep(150);
      order.push(`${name} out`);
    };
    await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(existsSync(file)).toBe(false);
  });

  test('is taken over from a holder that died, also when its pid is in use again', async () => {
    for (const holder of [{ pid: 2 ** 22 + 1 }, { pid: process.pid, start: 'long ago' }]) {
      const file = path.join(root, 'stale.lock');
      writeFileSync(file, JSON.stringify(holder));
      expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
    }
  });

  test('is released when the work fails', async () => {
    const file = path.join(root, 'failing.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });
});
