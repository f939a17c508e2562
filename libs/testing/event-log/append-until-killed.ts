/**
 * Appends to an embedded log as fast as it acknowledges, until it is killed or the log fails. Each acknowledgement goes as
 * a line `stream revision id` to `<file>.acks` before the lane's next append, and as a dot to stdout to show the progress.
 * When the log fails, `! <error> <stored>` follows for the append that failed and for one more. For tests of durability:
 * what was acknowledged must be found again.
 *
 * node append-until-killed.js <file> <lanes>
 */
import { openSync, writeSync } from 'node:fs';
import { argv, exit, stdout } from 'node:process';
import { EventLogError } from '#libs/event-log/port/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';

const [, , file = '', lanes = '16'] = argv;
const runtime = systemRuntime();
const acks = openSync(`${file}.acks`, 'a');
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
    // The operating system has the line when this returns; a kill does not take it back.
    writeSync(acks, `${stream} ${revision} ${id}\n`);
    stdout.write('.');
  }
}

try {
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
} catch (error) {
  const report = (failure: unknown): void => {
    if (failure instanceof EventLogError) writeSync(acks, `! ${failure.name} ${failure.stored}\n`);
    else throw failure;
  };
  report(error);
  const event = { id: runtime.ids.next(), type: 'WalletToppedUp.v1', data: {}, metadata: {} };
  await log.append('wallet-after', 'any', [event]).then(() => writeSync(acks, '! acknowledged\n'), report);
  await log.close();
  exit(0);
}
