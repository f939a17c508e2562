import { runChecker } from '#e2e/checker/main.js';
import type { Command } from './command.js';

export const check: Command = {
  name: 'check',
  summary: 'prove the invariants over an exported log · 用独立校验器检查导出的日志',
  usage: `check --log <file|-> [options]
  --acks <file>   acknowledged payments as NDJSON: judges I1
  --views <file>  rows of the views as NDJSON: judges I6
  --running       the log was taken while payments were under way
  --json          print the report as one JSON object
Exit code 1 when an invariant is violated, 2 when a file cannot be read.`,
  async run(args, io) {
    const lines: string[] = [];
    const code = await runChecker(args, (text) => lines.push(`${text}\n`));
    await io.write(lines.join(''));
    return code;
  },
};
