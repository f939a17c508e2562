import { parseArgs } from 'node:util';
import { verifyLog } from '#libs/event-log/runner/index.js';
import { type Command, LOG_OPTIONS, LOG_USAGE } from './command.js';
import { withLog } from './open-log.js';

/** Recomputes the hash chain of every stream. */
export const verify: Command = {
  name: 'verify',
  summary: 'recompute the hash chain of the whole log, name the first bad event · 校验事件日志的哈希链',
  usage: `verify [options]\n${LOG_USAGE}\nExit code 1 when an event is not as it was written.`,
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: LOG_OPTIONS });
    const report = await withLog(values, io, (log) => verifyLog(log));
    const { events, streams, lastPosition, firstBad } = report;
    if (firstBad) {
      const { stream, revision, position, why } = firstBad;
      await io.write(
        `BAD  event ${revision} of ${stream}, position ${position}: ${why}\n     第一个异常事件如上；此前 ${events - 1} 个事件完好。\n`,
      );
      return 1;
    }
    await io.write(
      `GOOD ${events} events in ${streams} streams verify, up to position ${lastPosition ?? 'none'}. 全部事件校验通过。\n`,
    );
    return 0;
  },
};
