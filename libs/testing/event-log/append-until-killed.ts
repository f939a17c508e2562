/**
 * Appends to an embedded log as fast as it acknowledges and prints each acknowledgement as one line
 * `stream revision id`, until it is killed or the log fails; then it prints `! <error> <stored>` for the append that
 * failed and for one more, and ends. For tests of durability: what was printed as acknowledged must be found again.
 *
 * node append-until-killed.js <file> <lanes>
 */
import { argv, exit, stdout } from 'node:process';
import { EventLogError } from '#libs/event-log/port/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';

const [, , file = '', lanes = '16'] = argv;
const runtime = systemRuntime();
const log = await SqliteEventLog.open({ file }, runtime);

async function lane(): Promise<void> {
  const stream = `wallet-${runtime.ids.next()}`;
  for (let revision = 0; ; revision += 1) {
    const id = runtime.ids.next();
    const event = {
      id,
      type: 'WalletToppedUp.v1',
      data: { revision, amount: '100' },
      metadata: { actor: stream },
    };
    await log.append(stream, revision === 0 ? 'no-stream' : revision - 1, [event]);
    // A pipe takes it before the next append begins (writes to pipes are synchronous on POSIX systems).
    stdout.write(`${stream} ${revision} ${id}\n`);
  }
}

try {
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
} catch (error) {
  const report = (failure: unknown): void => {
    if (failure instanceof EventLogError) stdout.write(`! ${failure.name} ${failure.stored}\n`);
    else throw failure;
  };
  report(error);
  const event = { id: runtime.ids.next(), type: 'WalletToppedUp.v1', data: {}, metadata: {} };
  await log.append('wallet-after', 'any', [event]).then(() => stdout.write('! acknowledged\n'), report);
  await log.close();
  exit(0);
}
