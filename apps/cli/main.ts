/** Command-line tool: node dist/apps/cli/main.js <command>. Works while the server is stopped. */
import { once } from 'node:events';
import type { Io } from './command.js';
import { runCli } from './cli.js';

const io: Io = {
  async write(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  say: (text) => void process.stderr.write(`${text}\n`),
  env: process.env,
};

// A reader such as `head` that has seen enough is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

process.exitCode = await runCli(process.argv.slice(2), io);
