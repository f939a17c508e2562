import { check } from './check.js';
import { type Command, type Io, UsageError } from './command.js';
import { demoToken } from './demo-token.js';
import { exportEvents } from './export.js';
import { seed } from './seed.js';
import { verify } from './verify.js';
import { verifyProof } from './verify-proof.js';

const COMMANDS: readonly Command[] = [demoToken, verify, verifyProof, exportEvents, check, seed];

/** @returns the exit code: 0 done, 1 the answer is "no", 2 it could not be asked */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await io.write(overview());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    io.say(`There is no command "${name}". 未知命令。\n\n${overview()}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await io.write(`${command.summary}\n\nUsage: sluice ${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (isOptionError(error)) io.say(`${error.message}\n\nUsage: sluice ${command.usage}`);
    else io.say(error instanceof UsageError ? error.message : `${name}: ${explain(error)}`);
    return 2;
  }
}

function overview(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`);
  return `Usage: sluice <command> [options]   (--help after a command explains it)\n\n${lines.join('\n')}\n`;
}

/** `node:util` parseArgs throws errors with these codes. */
function isOptionError(error: unknown): error is { readonly message: string } {
  return String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS');
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
