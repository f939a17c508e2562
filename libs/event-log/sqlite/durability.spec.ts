import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { SqliteEventLog } from './index.js';

const PROGRAM = fileURLToPath(
  new URL('../../../dist/libs/testing/event-log/append-until-killed.js', import.meta.url),
);

/** Blocks of 512 bytes (POSIX `ulimit -f`) or 1,024 (bash): either way less than the program goes on to write. */
const FILE_LIMIT_BLOCKS = 2_000;

/** Runs the appending program where no file may grow past a limit: the write that would fails with EFBIG. */
async function appendOnFullDisk(file: string): Promise<{ acks: string[]; failures: string[] }> {
  // Ignored before exec, the signal that goes with the limit stays ignored; the write fails instead.
  const command = `trap '' XFSZ; ulimit -f ${FILE_LIMIT_BLOCKS}; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, PROGRAM, file, '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acks: string[] = [];
  const failures: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => (line.startsWith('!') ? failures : acks).push(line));
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  return { acks, failures };
}

/** Runs the appending program, kills it after so many acknowledgements, and returns all it had printed. */
async function appendAndKill(file: string, afterAcks: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, file, '16'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acks: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    acks.push(line);
    if (acks.length === afterAcks) child.kill('SIGKILL');
  });
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  return acks;
}

describe('durability', () => {
  it('finds every acknowledged event again after kill -9, over several rounds on one file', async () => {
    using folder = temporaryFolder();
    const file = folder.file('events.sqlite');
    const acknowledged: string[] = [];
    for (const afterAcks of [1, 200, 1_500, 777]) {
      acknowledged.push(...(await appendAndKill(file, afterAcks)));
      const log = await SqliteEventLog.open({ file }, systemRuntime());
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
    const { acks, failures } = await appendOnFullDisk(file);
    expect(acks.length).toBeGreaterThan(100);
    expect(failures[0]).toMatch(/^! (LogUnavailable no|AppendOutcomeUnknown unknown)$/);
    expect(failures[1]).toBe('! LogUnavailable no');
    const log = await SqliteEventLog.open({ file }, systemRuntime());
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
