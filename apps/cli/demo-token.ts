import { parseArgs } from 'node:util';
import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { type Command, DATA_DIR_OPTION, dataDirOf, UsageError } from './command.js';

const known = DEMO_USERS.map(({ username }) => username);

/** Prints nothing but the token, so that a shell can put it into a variable. */
export const demoToken: Command = {
  name: 'demo-token',
  summary: 'print a bearer token for a demo user · 输出演示用户的访问令牌',
  usage: `demo-token <${known.join('|')}> [--data-dir <folder>]`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: DATA_DIR_OPTION,
      allowPositionals: true,
    });
    const [username] = positionals;
    if (username === undefined || positionals.length !== 1 || !known.includes(username)) {
      throw new UsageError(`Name one demo user: ${known.join(', ')}. 请指定一个演示用户。`);
    }
    const port = Number(io.env['PORT'] ?? 4000);
    await io.write(`${await mintDemoToken(username, { dataDir: dataDirOf(values, io), port })}\n`);
    return 0;
  },
};
