import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closeAfterEach } from '#libs/testing/close-after-each.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { SqliteEventLog } from './index.js';

const PROGRAM = fileURLToPath(
  new URL('../../../dist/libs/testing/event-log/append-until-killed.js', import.meta.url),
);

/** Blocks of 512 bytes (POSIX `ulimit -f`) or 1,024 (bash): either way less than the program goes on to write. */
const FILE_LIMIT_BLOCKS = 2_000;

/** Runs the appending program until it ends, or kills it after so many acknowledgements. Returns the lines it noted. */
async function runProgram(file: string, command: readonly string[], killAfter = Infinity): Promise<string[]> {
  const [program = '', ...args] = [...command, PROGRAM, file, '16'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  child.stdout.on('data', (dots: Buffer) => {
    seen += dots.byteLength;
    if (seen >= killAfter) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  return readFileSync(`${file}.acks`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

describe('durability', () => {
  const closing = closeAfterEach();

  it('finds every acknowledged event again after kill -9, over several rounds on one file', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    let acknowledged: string[] = [];
    for (const killAfter of [1, 200, 1_500, 777]) {
      acknowledged = await runProgram(file, [process.execPath], killAfter);
      const log = closing(await SqliteEventLog.open({ file }, systemRuntime()));
      const stored = new Set<string>();
      const next = new Map<string, number>();
      for await (const page of log.readAll()) {
        for (const { stream, revision, id, data } of page) {
          stored.add(`${stream} ${revision} ${id}`);
          expect([revision, data['revision']]).toEqual([next.get(stream) ?? 0, revision]);
          next.set(stream, revision + 1);
        }
      }
      await log.close();
      expect(acknowledged.filter((ack) => !stored.has(ack))).toEqual([]);
      // Unacknowledged ones may be there: at most the 16 in flight per round.
      expect(stored.size - acknowledged.length).toBeLessThanOrEqual(4 * 16);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(1 + 200 + 1_500 + 777);
  });

  it('acknowledges nothing more once a write has failed, and finds all it acknowledged after a restart', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    // No file may grow past a limit: the write that would fails with EFBIG. Ignored before exec, the signal that goes
    // with the limit stays ignored.
    const limited = `trap '' XFSZ; ulimit -f ${FILE_LIMIT_BLOCKS}; exec "$0" "$@"`;
    const lines = await runProgram(file, ['/bin/sh', '-c', limited, process.execPath]);
    const acks = lines.filter((line) => !line.startsWith('!'));
    const failures = lines.filter((line) => line.startsWith('!'));
    expect(acks.length).toBeGreaterThan(100);
    expect(failures[0]).toMatch(/^! (LogUnavailable no|AppendOutcomeUnknown unknown)$/);
    expect(failures[1]).toBe('! LogUnavailable no');
    const log = closing(await SqliteEventLog.open({ file }, systemRuntime()));
    const stored = new Set<string>();
    for await (const page of log.readAll()) {
      for (const { stream, revision, id } of page) stored.add(`${stream} ${revision} ${id}`);
    }
    expect(acks.filter((ack) => !stored.has(ack))).toEqual([]);
    const event = { id: systemRuntime().ids.next(), type: 'WalletToppedUp.v1', data: {}, metadata: {} };
    expect(await log.append('wallet-new', 'no-stream', [event])).toMatchObject({ revision: 0 });
    await log.close();
  });
});
